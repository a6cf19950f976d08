using System.Buffers.Binary;
using System.Text;

namespace StreamGenre.AudioFiles;

/// <summary>What stands before the samples of a WAV file (RIFF or RF64).</summary>
internal static class WavHeader
{
    private const int MaxFormatBytes = 4096;

    /// <summary>Reads up to the first sample.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AudioSourceException">It is no WAV file, is broken, or is in a coding that is not read in-box.</exception>
    public static async Task<SampleFileHeader> ReadAsync(Stream stream, string name, CancellationToken cancellationToken)
    {
        var head = await stream.ReadHeaderAsync(12, name, cancellationToken);
        var riff = Encoding.ASCII.GetString(head, 0, 4);
        if (riff is not ("RIFF" or "RF64") || Encoding.ASCII.GetString(head, 8, 4) != "WAVE")
        {
            throw new AudioSourceException($"{name}: not a WAV file (it does not begin with RIFF…WAVE)");
        }

        byte[]? format = null;
        long? longDataBytes = null;
        while (true)
        {
            var chunk = await stream.ReadHeaderAsync(8, name, cancellationToken);
            var id = Encoding.ASCII.GetString(chunk, 0, 4);
            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(4));
            switch (id)
            {
                case "ds64" when size is >= 16 and <= MaxFormatBytes:
                    longDataBytes = BinaryPrimitives.ReadInt64LittleEndian((await ReadChunkAsync(stream, size, name, cancellationToken)).AsSpan(8));
                    break;
                case "fmt " when size is >= 16 and <= MaxFormatBytes:
                    format = await ReadChunkAsync(stream, size, name, cancellationToken);
                    break;
                case "data":
                    if (format is null)
                    {
                        throw new AudioSourceException($"{name}: broken WAV file: its samples come before its format ('fmt ' chunk)");
                    }

                    return Parse(format, size == uint.MaxValue ? longDataBytes : size, name);
                default:
                    await stream.SkipHeaderAsync(size + (size & 1L), name, cancellationToken);
                    break;
            }
        }
    }

    private static SampleFileHeader Parse(ReadOnlySpan<byte> format, long? dataBytes, string name)
    {
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadInt32LittleEndian(format[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);

        // WAVE_FORMAT_EXTENSIBLE: the true tag is the first two bytes of the sub-format GUID.
        if (tag == 0xFFFE && format.Length >= 26)
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        }

        SampleCoding? coding = (tag, bits) switch
        {
            (1, 8) => SampleCoding.UnsignedInt8,
            (1, 16) => SampleCoding.Int16,
            (1, 24) => SampleCoding.Int24,
            (1, 32) => SampleCoding.Int32,
            (3, 32) => SampleCoding.Float32,
            (3, 64) => SampleCoding.Float64,
            (7, 8) => SampleCoding.MuLaw,
            _ => null,
        };
        return SampleFileHeader.Create(
            name, coding, $"WAV coding 0x{tag:x4} with {bits} bits is not read in-box (PCM 8, 16, 24, 32, float 32, 64 and mu-law are)", rate, channels, dataBytes);
    }

    private static async Task<byte[]> ReadChunkAsync(Stream stream, uint size, string name, CancellationToken cancellationToken) =>
        await stream.ReadHeaderAsync((int)(size + (size & 1)), name, cancellationToken);
}
