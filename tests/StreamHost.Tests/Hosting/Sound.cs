using System.Buffers.Binary;
using Google.Protobuf;
using StreamGenre.AudioFiles.Tests;

namespace StreamGenre.StreamHost.Tests.Hosting;

/// <summary>Audio that the tests make themselves.</summary>
internal static class Sound
{
    public const int SampleRateHz = 8000;

    /// <summary>A config of mono 16-bit audio at 8 kHz.</summary>
    public static V1.StreamConfig Config(string id = "") => new() { Encoding = V1.AudioEncoding.PcmS16Le, SampleRateHz = SampleRateHz, Channels = 1, StreamId = id };

    /// <summary>Seeded noise whose colour changes every second.</summary>
    public static byte[] Noise(double seconds)
    {
        var random = new Random(1);
        var bytes = new byte[2 * (int)(seconds * SampleRateHz)];
        var low = 0.0;
        for (var i = 0; i < bytes.Length / 2; i++)
        {
            var white = (random.NextDouble() * 2) - 1;
            low += ((i / SampleRateHz % 4) + 1) / 5.0 * (white - low);
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)(low * 20_000));
        }

        return bytes;
    }

    /// <summary>The same as messages' bytes.</summary>
    public static ByteString NoiseBytes(double seconds) => ByteString.CopyFrom(Noise(seconds));

    /// <summary>A 16-bit mono WAV file of noise.</summary>
    public static string WriteWav(string folder, string name, double seconds)
    {
        var data = Noise(seconds);
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, WavFile.Of(data, SampleRateHz));
        return path;
    }
}
