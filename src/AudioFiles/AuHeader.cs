using System.Buffers.Binary;

namespace StreamGenre.AudioFiles;

/// <summary>
/// What stands before the samples of a Sun/NeXT AU file, the form that GTZAN was published in: six big-endian words (magic <c>.snd</c>, offset of the samples,
/// their bytes, coding, rate, channels), then a note of any length.
/// </summary>
internal static class AuHeader
{
    private const int Bytes = 24;

    /// <summary>Reads up to the first sample.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AudioSourceException">It is no AU file, is broken, or is in a coding that is not read in-box.</exception>
    public static async Task<SampleFileHeader> ReadAsync(Stream stream, string name, CancellationToken cancellationToken)
    {
        var head = await stream.ReadHeaderAsync(Bytes, name, cancellationToken);
        uint Word(int index) => BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4 * index));
        if (!head.AsSpan(0, 4).SequenceEqual(".snd"u8) || Word(1) < Bytes)
        {
            throw new AudioSourceException($"{name}: not an AU file (it does not begin with .snd and the place of its samples)");
        }

        await stream.SkipHeaderAsync(Word(1) - Bytes, name, cancellationToken);
        SampleCoding? coding = Word(3) switch
        {
            1 => SampleCoding.MuLaw,
            2 => SampleCoding.Int8,
            3 => SampleCoding.Int16BigEndian,
            4 => SampleCoding.Int24BigEndian,
            5 => SampleCoding.Int32BigEndian,
            6 => SampleCoding.Float32BigEndian,
            7 => SampleCoding.Float64BigEndian,
            _ => null,
        };
        return SampleFileHeader.Create(
            name,
            coding,
            $"AU coding {Word(3)} is not read in-box (mu-law, PCM 8, 16, 24, 32 and float 32, 64 are)",
            (int)Math.Min(int.MaxValue, Word(4)),
            (int)Math.Min(int.MaxValue, Word(5)),
            Word(2) == uint.MaxValue ? null : Word(2));
    }
}
