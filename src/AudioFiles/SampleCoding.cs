using System.Buffers.Binary;

namespace StreamGenre.AudioFiles;

/// <summary>How a WAV or AU file stores its samples; little-endian where it doesn't say otherwise.</summary>
internal enum SampleCoding
{
    UnsignedInt8,
    Int8,
    Int16,
    Int16BigEndian,
    Int24,
    Int24BigEndian,
    Int32,
    Int32BigEndian,
    Float32,
    Float32BigEndian,
    Float64,
    Float64BigEndian,
    MuLaw,
}

/// <summary>Which of the codings a source delivers as they are, and how the rest is widened or narrowed.</summary>
internal static class SampleCodings
{
    private delegate float FloatReader(ReadOnlySpan<byte> sample);

    /// <summary>Bytes of one stored sample.</summary>
    public static int SampleBytes(this SampleCoding coding) => coding switch
    {
        SampleCoding.UnsignedInt8 or SampleCoding.Int8 or SampleCoding.MuLaw => 1,
        SampleCoding.Int16 or SampleCoding.Int16BigEndian => 2,
        SampleCoding.Int24 or SampleCoding.Int24BigEndian => 3,
        SampleCoding.Float64 or SampleCoding.Float64BigEndian => 8,
        _ => 4,
    };

    /// <summary>What it is delivered as: the narrowest that loses nothing (a float holds 24 bits exactly; 32-bit integers lose their noise).</summary>
    public static SampleEncoding Delivered(this SampleCoding coding) => coding switch
    {
        SampleCoding.MuLaw => SampleEncoding.MuLaw,
        SampleCoding.UnsignedInt8 or SampleCoding.Int8 or SampleCoding.Int16 or SampleCoding.Int16BigEndian => SampleEncoding.S16Le,
        _ => SampleEncoding.F32Le,
    };

    /// <summary>True when the stored bytes are delivered unchanged.</summary>
    public static bool IsDelivered(this SampleCoding coding) => coding is SampleCoding.Int16 or SampleCoding.Float32 or SampleCoding.MuLaw;

    /// <summary>Writes stored samples as they are delivered; the lengths must hold the same number of samples.</summary>
    public static void Convert(this SampleCoding coding, ReadOnlySpan<byte> stored, Span<byte> delivered)
    {
        switch (coding)
        {
            case SampleCoding.UnsignedInt8 or SampleCoding.Int8:
                var zero = coding == SampleCoding.Int8 ? 0 : 0x80;
                for (var i = 0; i < stored.Length; i++)
                {
                    BinaryPrimitives.WriteInt16LittleEndian(delivered[(2 * i)..], (short)((sbyte)(stored[i] ^ zero) << 8));
                }

                break;
            case SampleCoding.Int16BigEndian:
                for (var i = 0; i < stored.Length / 2; i++)
                {
                    BinaryPrimitives.WriteInt16LittleEndian(delivered[(2 * i)..], BinaryPrimitives.ReadInt16BigEndian(stored[(2 * i)..]));
                }

                break;
            case SampleCoding.Int16 or SampleCoding.Float32 or SampleCoding.MuLaw:
                stored.CopyTo(delivered);
                break;
            default:
                var (bytes, read) = (coding.SampleBytes(), Reader(coding));
                for (var i = 0; i < stored.Length / bytes; i++)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(delivered[(4 * i)..], read(stored.Slice(i * bytes, bytes)));
                }

                break;
        }
    }

    private static FloatReader Reader(SampleCoding coding) => coding switch
    {
        SampleCoding.Int24 => sample => (sample[0] | (sample[1] << 8) | ((sbyte)sample[2] << 16)) / 8_388_608f,
        SampleCoding.Int24BigEndian => sample => (sample[2] | (sample[1] << 8) | ((sbyte)sample[0] << 16)) / 8_388_608f,
        SampleCoding.Int32 => sample => BinaryPrimitives.ReadInt32LittleEndian(sample) / 2_147_483_648f,
        SampleCoding.Int32BigEndian => sample => BinaryPrimitives.ReadInt32BigEndian(sample) / 2_147_483_648f,
        SampleCoding.Float32BigEndian => BinaryPrimitives.ReadSingleBigEndian,
        SampleCoding.Float64 => sample => (float)BinaryPrimitives.ReadDoubleLittleEndian(sample),
        SampleCoding.Float64BigEndian => sample => (float)BinaryPrimitives.ReadDoubleBigEndian(sample),
        _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "has no reader"),
    };
}
