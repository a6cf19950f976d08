using System.Numerics;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Mel;

/// <summary>
/// Triangular mel bands over the bins of an FFT, [MelBins, FftSize/2 + 1], computed in double precision and kept sparse:
/// a band's weights from its first bin to its last. MelBins + 2 edges lie equally spaced in mel; triangle i rises from edge i to i+1 and falls to i+2
/// (librosa's filters.mel; TensorFlow's linear_to_mel_weight_matrix for <see cref="MelTriangle.LinearInMel"/>). Immutable.
/// </summary>
public sealed class MelFilterBank
{
    // Slaney's Auditory Toolbox: 200/3 Hz a mel up to 1 kHz (15 mel), then 27 mel for each factor of 6.4.
    private const double SlaneyHzPerMel = 200.0 / 3;
    private const double SlaneyBreakHz = 1000;
    private const double SlaneyBreakMel = SlaneyBreakHz / SlaneyHzPerMel;

    private static readonly double SlaneyLogStep = Math.Log(6.4) / 27;

    private readonly double[][] _weights;
    private readonly int[] _firstBins;
    private readonly int[] _offsets;
    private readonly int[] _padded;
    private readonly float[] _packed;

    /// <summary>The bands that <paramref name="options"/> ask for.</summary>
    /// <exception cref="ModelContractException">With everything wrong with the options.</exception>
    public MelFilterBank(MelOptions options)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ModelContractException(errors);
        }

        MelBins = options.MelBins;
        FftBins = (options.FftSize / 2) + 1;
        _weights = new double[MelBins][];
        _firstBins = new int[MelBins];
        _offsets = new int[MelBins];
        _padded = new int[MelBins];
        var edges = Edges(options);
        var length = 0;
        for (var band = 0; band < MelBins; band++)
        {
            var dense = Triangle(options, edges.AsSpan(band, 3));
            var first = Array.FindIndex(dense, w => w > 0);
            var last = Array.FindLastIndex(dense, w => w > 0);
            _weights[band] = first < 0 ? [] : dense[first..(last + 1)];
            _firstBins[band] = Math.Max(first, 0);
            _offsets[band] = length;
            _padded[band] = (_weights[band].Length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
            length += _padded[band];
        }

        // Each band is filled up with zeros to whole vectors; spectra carry as many zeros behind them.
        _packed = new float[length];
        for (var band = 0; band < MelBins; band++)
        {
            for (var i = 0; i < _weights[band].Length; i++)
            {
                _packed[_offsets[band] + i] = (float)_weights[band][i];
            }
        }
    }

    /// <summary>Bands.</summary>
    public int MelBins { get; }

    /// <summary>Bins of the spectrum, FftSize/2 + 1.</summary>
    public int FftBins { get; }

    /// <summary>Floats that a spectrum handed to <see cref="Apply"/> holds: FftBins and zeros behind them.</summary>
    internal int PaddedFftBins => FftBins + Vector<float>.Count;

    /// <summary>The weight of one FFT bin in one band.</summary>
    public double Weight(int band, int bin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bin);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bin, FftBins);
        var i = bin - _firstBins[band];
        return i >= 0 && i < _weights[band].Length ? _weights[band][i] : 0;
    }

    /// <summary>Sums each band of a spectrum.</summary>
    /// <param name="spectrum">PaddedFftBins values; those from FftBins on are finite.</param>
    /// <param name="bands">MelBins values.</param>
    internal void Apply(ReadOnlySpan<float> spectrum, Span<float> bands)
    {
        for (var band = 0; band < _firstBins.Length; band++)
        {
            var weights = _packed.AsSpan(_offsets[band], _padded[band]);
            var bins = spectrum.Slice(_firstBins[band], weights.Length);
            var sum = Vector<float>.Zero;
            for (var i = 0; i < weights.Length; i += Vector<float>.Count)
            {
                sum = Vector.MultiplyAddEstimate(new Vector<float>(weights[i..]), new Vector<float>(bins[i..]), sum);
            }

            bands[band] = Vector.Sum(sum);
        }
    }

    private static double[] Edges(MelOptions options)
    {
        var (low, high) = (ToMel(options.MelScale, options.MinFrequencyHz), ToMel(options.MelScale, options.MaxFrequencyHz));
        var edges = new double[options.MelBins + 2];
        for (var i = 0; i < edges.Length; i++)
        {
            edges[i] = low + ((high - low) * i / (edges.Length - 1));
        }

        return edges;
    }

    private static double[] Triangle(MelOptions options, ReadOnlySpan<double> melEdges)
    {
        var inMel = options.MelTriangle == MelTriangle.LinearInMel;
        double[] hz = [ToHz(options.MelScale, melEdges[0]), ToHz(options.MelScale, melEdges[1]), ToHz(options.MelScale, melEdges[2])];
        var edges = inMel ? melEdges : hz;
        var scale = options.MelNorm == MelNorm.Slaney ? 2 / (hz[2] - hz[0]) : 1;
        var weights = new double[(options.FftSize / 2) + 1];
        for (var bin = inMel ? 1 : 0; bin < weights.Length; bin++)
        {
            var frequency = (double)bin * options.SampleRateHz / options.FftSize;
            var at = inMel ? ToMel(options.MelScale, frequency) : frequency;
            var rise = (at - edges[0]) / (edges[1] - edges[0]);
            var fall = (edges[2] - at) / (edges[2] - edges[1]);
            weights[bin] = scale * Math.Max(0, Math.Min(rise, fall));
        }

        return weights;
    }

    private static double ToMel(MelScale scale, double hz) => scale switch
    {
        MelScale.Htk => 2595 * Math.Log10(1 + (hz / 700)),
        _ when hz >= SlaneyBreakHz => SlaneyBreakMel + (Math.Log(hz / SlaneyBreakHz) / SlaneyLogStep),
        _ => hz / SlaneyHzPerMel,
    };

    private static double ToHz(MelScale scale, double mel) => scale switch
    {
        MelScale.Htk => 700 * (Math.Pow(10, mel / 2595) - 1),
        _ when mel >= SlaneyBreakMel => SlaneyBreakHz * Math.Exp(SlaneyLogStep * (mel - SlaneyBreakMel)),
        _ => mel * SlaneyHzPerMel,
    };
}
