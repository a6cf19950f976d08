using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Tests.Golden;

/// <summary>Spectra by the definition: double precision, one sum for each bin. The mel weights are the caller's.</summary>
internal static class NaiveMel
{
    /// <summary>X[k] = Σ x[n]·e^(−2πi·kn/N), k = 0..N/2.</summary>
    public static (double[] Re, double[] Im) Dft(ReadOnlySpan<double> x)
    {
        var size = x.Length;
        var table = new (double Sin, double Cos)[size];
        for (var i = 0; i < size; i++)
        {
            table[i] = Math.SinCos(-2 * Math.PI * i / size);
        }

        var (re, im) = (new double[(size / 2) + 1], new double[(size / 2) + 1]);
        for (var k = 0; k < re.Length; k++)
        {
            for (var (n, turn) = (0, 0); n < size; n++, turn = (turn + k) % size)
            {
                re[k] += x[n] * table[turn].Cos;
                im[k] += x[n] * table[turn].Sin;
            }
        }

        return (re, im);
    }

    /// <summary>The mel power of frame <paramref name="frame"/> under a Hann window, centred, with zeros around the samples.</summary>
    public static double[] HannPower(MelOptions options, double[] samples, int frame, Func<int, int, double> weight)
    {
        var x = new double[options.FftSize];
        for (var n = 0; n < options.FrameSamples; n++)
        {
            var at = ((long)frame * options.HopSamples) + n - (options.FrameSamples / 2);
            var window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / options.FrameSamples));
            x[n] = at >= 0 && at < samples.Length ? samples[at] * window : 0;
        }

        var (re, im) = Dft(x);
        var bands = new double[options.MelBins];
        for (var band = 0; band < bands.Length; band++)
        {
            for (var k = 0; k < re.Length; k++)
            {
                bands[band] += weight(band, k) * ((re[k] * re[k]) + (im[k] * im[k]));
            }
        }

        return bands;
    }
}
