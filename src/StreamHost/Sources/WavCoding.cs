using System.Buffers.Binary;
using StreamGenre.V1;

namespace StreamGenre.StreamHost.Sources;

/// <summary>How a WAV file stores its samples.</summary>
internal enum WavCoding
{
    UnsignedInt8,
    Int16,
    Int24,
    Int32,
    Float32,
    Float64,
    MuLaw,
}

/// <summary>What of a WAV file's codings the wire carries as it is, and how the rest is widened or narrowed to it.</summary>
internal static class WavCodings
{
    /// <summary>Bytes of one stored sample.</summary>
    public static int SampleBytes(this WavCoding coding) => coding switch
    {
        WavCoding.UnsignedInt8 or WavCoding.MuLaw => 1,
        WavCoding.Int16 => 2,
        WavCoding.Int24 => 3,
        WavCoding.Int32 or WavCoding.Float32 => 4,
        _ => 8,
    };

    /// <summary>The wire's encoding for it: the narrowest that loses nothing (a float holds 24 bits exactly; 32-bit integers lose their noise).</summary>
    public static AudioEncoding WireEncoding(this WavCoding coding) => coding switch
    {
        WavCoding.MuLaw => AudioEncoding.Mulaw,
        WavCoding.UnsignedInt8 or WavCoding.Int16 => AudioEncoding.PcmS16Le,
        _ => AudioEncoding.PcmF32Le,
    };

    /// <summary>True when the stored bytes are the wire's bytes.</summary>
    public static bool IsWire(this WavCoding coding) => coding is WavCoding.Int16 or WavCoding.Float32 or WavCoding.MuLaw;

    /// <summary>Writes stored samples as the wire's; the lengths must hold the same number of samples.</summary>
    public static void Convert(this WavCoding coding, ReadOnlySpan<byte> stored, Span<byte> wire)
    {
        switch (coding)
        {
            case WavCoding.UnsignedInt8:
                for (var i = 0; i < stored.Length; i++)
                {
                    BinaryPrimitives.WriteInt16LittleEndian(wire[(2 * i)..], (short)((stored[i] - 128) << 8));
                }

                break;
            case WavCoding.Int24:
                for (var i = 0; i < stored.Length / 3; i++)
                {
                    var sample = stored[3 * i] | (stored[(3 * i) + 1] << 8) | ((sbyte)stored[(3 * i) + 2] << 16);
                    BinaryPrimitives.WriteSingleLittleEndian(wire[(4 * i)..], sample / 8_388_608f);
                }

                break;
            case WavCoding.Int32:
                for (var i = 0; i < stored.Length / 4; i++)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(wire[(4 * i)..], BinaryPrimitives.ReadInt32LittleEndian(stored[(4 * i)..]) / 2_147_483_648f);
                }

                break;
            case WavCoding.Float64:
                for (var i = 0; i < stored.Length / 8; i++)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(wire[(4 * i)..], (float)BinaryPrimitives.ReadDoubleLittleEndian(stored[(8 * i)..]));
                }

                break;
            default:
                stored.CopyTo(wire);
                break;
        }
    }
}
