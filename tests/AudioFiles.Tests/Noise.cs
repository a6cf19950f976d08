using System.Buffers.Binary;

namespace StreamGenre.AudioFiles.Tests;

/// <summary>Seeded noise.</summary>
internal static class Noise
{
    public const int SampleRateHz = 8000;

    /// <summary>A WAV file of it.</summary>
    public static string WriteWav(string folder, string name, double seconds)
    {
        var random = new Random(1);
        var data = new byte[2 * (int)(seconds * SampleRateHz)];
        for (var i = 0; i < data.Length / 2; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), (short)random.Next(-20_000, 20_000));
        }

        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, WavFile.Of(data, SampleRateHz));
        return path;
    }
}
