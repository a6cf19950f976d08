using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Wavelet;

/// <summary>Which paths through the cascade make a frame's bands, and their delays; shared by all streams of the same options. Immutable.</summary>
internal sealed class WaveletBands
{
    private static readonly SharedTables<WaveletOptions, WaveletBands> Shared = new(options => new WaveletBands(options));

    private readonly List<WaveletBand> _bands = [];
    private readonly double[] _low;
    private readonly double[] _high;

    private WaveletBands(WaveletOptions options)
    {
        _low = WaveletFilter.LowPass(options.Family).ToArray();
        _high = WaveletFilter.HighPass(options.Family);
        AddOctaves([], [1], options.Octaves, options.Splits);
    }

    /// <summary>The bands, lowest frequency first.</summary>
    public IReadOnlyList<WaveletBand> All => _bands;

    public static WaveletBands Get(WaveletOptions options) => Shared.Get(options);

    private void AddOctaves(bool[] path, double[] response, int octaves, int splits)
    {
        if (octaves == 0)
        {
            AddSplits(path, response, mirrored: false, splits);
            return;
        }

        AddOctaves([.. path, false], Through(response, _low, path.Length), octaves - 1, splits);
        AddSplits([.. path, true], Through(response, _high, path.Length), mirrored: true, splits);
    }

    // Halving the rate behind a high-pass filter mirrors the spectrum: the lower half of the frequencies then leaves by the next high-pass filter
    // (Wickerhauser 1994, the Gray code order of wavelet packets).
    private void AddSplits(bool[] path, double[] response, bool mirrored, int splits)
    {
        if (splits == 0)
        {
            _bands.Add(new WaveletBand(path, Centroid(response)));
            return;
        }

        foreach (var high in new[] { mirrored, !mirrored })
        {
            AddSplits([.. path, high], Through(response, high ? _high : _low, path.Length), mirrored ^ high, splits - 1);
        }
    }

    /// <summary>The impulse response of a path whose last filter works at 1/2^level of the rate.</summary>
    private static double[] Through(double[] response, double[] filter, int level)
    {
        var result = new double[response.Length + ((filter.Length - 1) << level)];
        for (var k = 0; k < filter.Length; k++)
        {
            for (var i = 0; i < response.Length; i++)
            {
                result[i + (k << level)] += filter[k] * response[i];
            }
        }

        return result;
    }

    private static double Centroid(double[] response)
    {
        var (sum, moment) = (0.0, 0.0);
        for (var i = 0; i < response.Length; i++)
        {
            sum += response[i] * response[i];
            moment += i * response[i] * response[i];
        }

        return moment / sum;
    }
}
