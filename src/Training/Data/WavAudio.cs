using System.Buffers.Binary;

using StreamGenre.Stages.Audio;

namespace StreamGenre.Training.Data;

/// <summary>Raw audio and its form.</summary>
/// <param name="Format">Encoding, rate, channels.</param>
/// <param name="Bytes">Interleaved samples.</param>
internal sealed record WavAudio(PcmFormat Format, ReadOnlyMemory<byte> Bytes)
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int MuLaw = 7;
    private const int Extensible = 0xFFFE;

    /// <summary>
    /// Reads a RIFF WAVE file: 16-bit PCM, 32-bit float or µ-law. A length of 0 or of 0xFFFFFFFF on the data chunk (a file written to a pipe) stands for
    /// all that follows.
    /// </summary>
    /// <exception cref="TrainingException">It is not a WAVE file, or of a form that isn't read.</exception>
    public static WavAudio Read(byte[] file, string name)
    {
        if (file.Length < 12 || !file.AsSpan(0, 4).SequenceEqual("RIFF"u8) || !file.AsSpan(8, 4).SequenceEqual("WAVE"u8))
        {
            throw new TrainingException($"{name} is not a WAVE file");
        }

        PcmFormat? format = null;
        for (long at = 12; at + 8 <= file.Length;)
        {
            var id = file.AsSpan((int)at, 4);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at + 4));
            var begin = (int)at + 8;
            if (id.SequenceEqual("fmt "u8) && length >= 16 && begin + length <= file.Length)
            {
                format = ReadFormat(file.AsSpan(begin, (int)length), name);
            }
            else if (id.SequenceEqual("data"u8))
            {
                if (format is null)
                {
                    throw new TrainingException($"{name} has its audio before its format");
                }

                var available = file.Length - begin;
                return new WavAudio(format, file.AsMemory(begin, length is 0 or uint.MaxValue ? available : (int)Math.Min(length, available)));
            }

            at = begin + length + (length & 1);
        }

        throw new TrainingException($"{name} is a WAVE file without audio");
    }

    private static PcmFormat ReadFormat(ReadOnlySpan<byte> chunk, string name)
    {
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (tag == Extensible && chunk.Length >= 26)
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        var encoding = (tag, bits) switch
        {
            (Pcm, 16) => PcmEncoding.S16Le,
            (Float, 32) => PcmEncoding.F32Le,
            (MuLaw, 8) => PcmEncoding.MuLaw,
            _ => throw new TrainingException($"{name} holds {bits}-bit samples of WAVE format {tag}; 16-bit PCM, 32-bit float and mu-law are read"),
        };
        var format = new PcmFormat(
            encoding, (int)BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]), BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]));
        return format.Errors() is { Count: > 0 } errors ? throw new TrainingException($"{name}: {string.Join("; ", errors)}") : format;
    }
}
