using System.Numerics;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Mel;

/// <summary>The logarithm of a frame's bands, as a contract's log rule says.</summary>
internal static class BandLogarithm
{
    // 10·log10(x) = 10·log10(2)·log2(x)
    private static readonly float DecibelsPerOctave = (float)(10 * Math.Log10(2));

    /// <summary>Floats that so many bands take in whole vectors.</summary>
    public static int PaddedLength(int bands) => (bands + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;

    /// <summary>Takes it in place.</summary>
    /// <param name="bands">Energies, not negative; a whole number of vectors.</param>
    /// <param name="options">Its log rule and offset.</param>
    public static void Take(Span<float> bands, MelOptions options)
    {
        var offset = new Vector<float>((float)options.LogOffset);
        for (var i = 0; i < bands.Length; i += Vector<float>.Count)
        {
            var x = new Vector<float>(bands[i..]);
            var logarithm = options.LogRule == LogRule.Decibel
                ? Vector.Log2(Vector.Max(x, offset)) * DecibelsPerOctave
                : Vector.Log(x + offset);
            logarithm.CopyTo(bands[i..]);
        }
    }
}
