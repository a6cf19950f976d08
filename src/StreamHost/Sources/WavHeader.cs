using System.Buffers.Binary;
using System.Text;

namespace StreamGenre.StreamHost.Sources;

/// <summary>What stands before the samples of a WAV file (RIFF or RF64), read from a stream that need not seek.</summary>
/// <param name="Coding">How samples are stored.</param>
/// <param name="SampleRateHz">Samples a second and channel.</param>
/// <param name="Channels">Interleaved channels.</param>
/// <param name="DataBytes">Bytes of samples; null where the writer did not know (a pipe).</param>
internal sealed record WavHeader(WavCoding Coding, int SampleRateHz, int Channels, long? DataBytes)
{
    private const int MaxFormatBytes = 4096;

    /// <summary>Reads up to the first sample.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AudioSourceException">It is no WAV file, is broken, or is in a coding that is not read in-box.</exception>
    public static async Task<WavHeader> ReadAsync(Stream stream, string name, CancellationToken cancellationToken)
    {
        var head = await ReadExactlyAsync(stream, 12, name, cancellationToken);
        var riff = Encoding.ASCII.GetString(head, 0, 4);
        if (riff is not ("RIFF" or "RF64") || Encoding.ASCII.GetString(head, 8, 4) != "WAVE")
        {
            throw new AudioSourceException($"{name}: not a WAV file (it does not begin with RIFF…WAVE)");
        }

        byte[]? format = null;
        long? longDataBytes = null;
        while (true)
        {
            var chunk = await ReadExactlyAsync(stream, 8, name, cancellationToken);
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
                    await SkipAsync(stream, size + (size & 1L), name, cancellationToken);
                    break;
            }
        }
    }

    private static WavHeader Parse(ReadOnlySpan<byte> format, long? dataBytes, string name)
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

        var coding = (tag, bits) switch
        {
            (1, 8) => WavCoding.UnsignedInt8,
            (1, 16) => WavCoding.Int16,
            (1, 24) => WavCoding.Int24,
            (1, 32) => WavCoding.Int32,
            (3, 32) => WavCoding.Float32,
            (3, 64) => WavCoding.Float64,
            (7, 8) => WavCoding.MuLaw,
            _ => throw Unsupported($"{name}: WAV coding 0x{tag:x4} with {bits} bits is not read in-box (PCM 8, 16, 24, 32, float 32, 64 and mu-law are); FFmpeg may read it"),
        };
        if (channels is < 1 or > 8)
        {
            throw Unsupported($"{name}: {channels} channels; 1..8 are read in-box, FFmpeg may mix it down");
        }

        if (rate is < 8_000 or > 192_000)
        {
            throw Unsupported($"{name}: sample rate {rate} Hz; 8000..192000 are read in-box, FFmpeg may resample it");
        }

        return new WavHeader(coding, rate, channels, dataBytes);
    }

    private static AudioSourceException Unsupported(string message) => new(message) { IsUnsupportedCoding = true };

    private static async Task<byte[]> ReadChunkAsync(Stream stream, uint size, string name, CancellationToken cancellationToken) =>
        await ReadExactlyAsync(stream, (int)(size + (size & 1)), name, cancellationToken);

    private static async Task<byte[]> ReadExactlyAsync(Stream stream, int count, string name, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var read = await stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, cancellationToken);
        return read == count ? bytes : throw new AudioSourceException($"{name}: broken WAV file: it ends inside its header");
    }

    private static async Task SkipAsync(Stream stream, long count, string name, CancellationToken cancellationToken)
    {
        var scratch = new byte[(int)Math.Min(count, 16_384)];
        while (count > 0)
        {
            var read = await stream.ReadAsync(scratch.AsMemory(0, (int)Math.Min(count, scratch.Length)), cancellationToken);
            if (read == 0)
            {
                throw new AudioSourceException($"{name}: broken WAV file: it ends before its samples ('data' chunk)");
            }

            count -= read;
        }
    }
}
