using System.Buffers.Binary;
using System.Text;

namespace StreamGenre.AudioFiles.Tests;

/// <summary>Seeded noise in the plainest of files.</summary>
internal static class Noise
{
    public const int SampleRateHz = 8000;

    /// <summary>A 16-bit mono WAV file: 44 bytes of header, then the samples.</summary>
    public static string WriteWav(string folder, string name, double seconds)
    {
        var random = new Random(1);
        var data = new byte[2 * (int)(seconds * SampleRateHz)];
        for (var i = 0; i < data.Length / 2; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(2 * i), (short)random.Next(-20_000, 20_000));
        }

        var path = Path.Combine(folder, name);
        using var writer = new BinaryWriter(File.Create(path), Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + data.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(SampleRateHz);
        writer.Write(SampleRateHz * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return path;
    }
}
