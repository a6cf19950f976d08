using System.Text;

namespace StreamGenre.AudioFiles.Tests;

/// <summary>The plainest of audio files; test projects that write some link this one.</summary>
internal static class WavFile
{
    /// <summary>A mono WAV file: 44 bytes of header, then the samples.</summary>
    /// <param name="samples">16 bits each, little-endian.</param>
    /// <param name="sampleRateHz">Their rate.</param>
    public static byte[] Of(byte[] samples, int sampleRateHz)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(sampleRateHz);
        writer.Write(2 * sampleRateHz);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length);
        writer.Write(samples);
        return stream.ToArray();
    }
}
