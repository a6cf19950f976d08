using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Wavelet;

/// <summary>
/// The analysis filters of orthogonal wavelets, in PyWavelets' order and sign (its <c>Wavelet.dec_lo</c> and <c>dec_hi</c>): Daubechies, Ten Lectures on
/// Wavelets (1992), tables 6.1 and 6.3. A coefficient is c[n] = Σ h[k]·x[2n + 1 − k].
/// </summary>
internal static class WaveletFilter
{
    private static readonly double[] Haar =
    [
        0.7071067811865476,
        0.7071067811865476,
    ];

    private static readonly double[] Db4 =
    [
        -0.010597401785069032,
        0.0328830116668852,
        0.030841381835560764,
        -0.18703481171909309,
        -0.027983769416859854,
        0.6308807679298589,
        0.7148465705529157,
        0.2303778133088965,
    ];

    private static readonly double[] Db8 =
    [
        -0.00011747678412476953,
        0.0006754494064505693,
        -0.00039174037337694705,
        -0.004870352993451574,
        0.008746094047405777,
        0.013981027917398282,
        -0.044088253930794755,
        -0.017369301001807547,
        0.12874742662047847,
        0.0004724845739132828,
        -0.2840155429615469,
        -0.015829105256349306,
        0.5853546836542067,
        0.6756307362972898,
        0.31287159091429995,
        0.05441584224310401,
    ];

    private static readonly double[] Sym8 =
    [
        -0.0033824159510061256,
        -0.0005421323317911481,
        0.03169508781149298,
        0.007607487324917605,
        -0.1432942383508097,
        -0.061273359067658524,
        0.4813596512583722,
        0.7771857517005235,
        0.3644418948353314,
        -0.05194583810770904,
        -0.027219029917056003,
        0.049137179673607506,
        0.003808752013890615,
        -0.01495225833704823,
        -0.0003029205147213668,
        0.0018899503327594609,
    ];

    /// <summary>The low-pass filter; an even number of taps, their sum √2.</summary>
    public static ReadOnlySpan<double> LowPass(WaveletFamily family) => family switch
    {
        WaveletFamily.Haar => Haar,
        WaveletFamily.Db4 => Db4,
        WaveletFamily.Db8 => Db8,
        WaveletFamily.Sym8 => Sym8,
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "There are no filters of such a wavelet."),
    };

    /// <summary>The high-pass filter, g[k] = (−1)^(k+1)·h[L − 1 − k] (a quadrature mirror).</summary>
    public static double[] HighPass(WaveletFamily family)
    {
        var low = LowPass(family);
        var high = new double[low.Length];
        for (var k = 0; k < high.Length; k++)
        {
            high[k] = (k % 2 == 0 ? -1 : 1) * low[^(k + 1)];
        }

        return high;
    }
}
