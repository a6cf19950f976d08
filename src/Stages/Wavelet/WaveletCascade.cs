using System.Runtime.Intrinsics;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Wavelet;

/// <summary>
/// Samples of one stream -> coefficients of every band: c[n] = Σ h[k]·x[2n + 1 − k] at each stage, zeros before the stream (PyWavelets' mode "zero").
/// Coefficient n of a band needs no sample behind (n + 1)·decimation − 1. Not thread-safe. No call allocates.
/// </summary>
internal sealed unsafe class WaveletCascade
{
    /// <summary>Samples taken through all stages at a time, so that they stay in the cache.</summary>
    public const int BlockSamples = 2048;

    private readonly int _taps;
    private readonly AlignedArray<float> _filters;
    private readonly AlignedArray<float> _even;
    private readonly AlignedArray<float> _odd;
    private readonly WaveletNode _root;

    /// <summary>A cascade at the start of a stream.</summary>
    /// <param name="options">Its wavelet and bands.</param>
    /// <param name="keptSamples">Time over which the coefficients of a band may pile up before they are dropped, in samples.</param>
    public WaveletCascade(WaveletOptions options, int keptSamples)
    {
        Bands = WaveletBands.Get(options).All;
        var low = WaveletFilter.LowPass(options.Family);
        var high = WaveletFilter.HighPass(options.Family);
        _taps = low.Length;

        // Pairs of taps from the oldest sample on: low-pass on the even samples, on the odd, high-pass likewise. x[2n + 1 − k] is odd for even k.
        _filters = new AlignedArray<float>(2 * _taps);
        for (var j = 0; j < _taps / 2; j++)
        {
            _filters.Span[4 * j] = (float)low[_taps - 1 - (2 * j)];
            _filters.Span[(4 * j) + 1] = (float)low[_taps - 2 - (2 * j)];
            _filters.Span[(4 * j) + 2] = (float)high[_taps - 1 - (2 * j)];
            _filters.Span[(4 * j) + 3] = (float)high[_taps - 2 - (2 * j)];
        }

        var half = ((BlockSamples + _taps) / 2) + (2 * WaveletNode.Slack);
        (_even, _odd) = (new(half), new(half));
        var coefficients = new WaveletNode[Bands.Count];
        _root = Node([], BlockSamples, keptSamples, coefficients);
        Coefficients = coefficients;
    }

    /// <summary>The bands, lowest frequency first.</summary>
    public IReadOnlyList<WaveletBand> Bands { get; }

    /// <summary>The coefficients of each band that the caller has not dropped yet.</summary>
    public IReadOnlyList<WaveletNode> Coefficients { get; }

    /// <summary>Takes the next samples. The same samples in the same cuts give the same bits.</summary>
    public void Push(ReadOnlySpan<float> samples)
    {
        while (samples.Length > 0)
        {
            var taken = Math.Min(samples.Length, BlockSamples);
            samples[..taken].CopyTo(_root.Samples.Span[_root.Filled..]);
            _root.Filled += taken;
            samples = samples[taken..];
            if (Vector512.IsHardwareAccelerated)
            {
                Run<Lanes16, Vector512<float>>(_root);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                Run<Lanes8, Vector256<float>>(_root);
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                Run<Lanes4, Vector128<float>>(_root);
            }
            else
            {
                Run<Lanes1, float>(_root);
            }
        }
    }

    private WaveletNode Node(bool[] path, int capacity, int keptSamples, WaveletNode[] coefficients)
    {
        for (var band = 0; band < Bands.Count; band++)
        {
            if (Bands[band].Path.AsSpan().SequenceEqual(path))
            {
                return coefficients[band] = new WaveletNode(capacity + (keptSamples >> path.Length) + 2, history: 0);
            }
        }

        // One sample may wait for its partner, so half a block may be one more than half.
        var below = (capacity / 2) + 1;
        return new WaveletNode(
            capacity + 1,
            _taps - 2,
            Node([.. path, false], below, keptSamples, coefficients),
            Node([.. path, true], below, keptSamples, coefficients));
    }

    private void Run<TLanes, TVector>(WaveletNode node)
        where TLanes : struct, ILanes<float, TVector>
        where TVector : struct
    {
        if (node.Low is not { } low || node.High is not { } high)
        {
            return;
        }

        var pairs = (node.Filled - (_taps - 2)) / 2;
        if (pairs == 0)
        {
            return;
        }

        var samples = node.Samples.Pointer;
        var length = pairs + (_taps / 2) - 1;
        var even = _even.Pointer;
        var odd = _odd.Pointer;
        for (var i = 0; i < length; i += TLanes.Count)
        {
            TLanes.LoadPairs(samples + (2 * i), out var e, out var o);
            TLanes.Store(e, even + i);
            TLanes.Store(o, odd + i);
        }

        Filter<TLanes, TVector>(low.Samples.Pointer + low.Filled, high.Samples.Pointer + high.Filled, pairs);
        low.Filled += pairs;
        high.Filled += pairs;
        node.Drop(2 * pairs);
        GC.KeepAlive(this);
        Run<TLanes, TVector>(low);
        Run<TLanes, TVector>(high);
    }

    private void Filter<TLanes, TVector>(float* low, float* high, int count)
        where TLanes : struct, ILanes<float, TVector>
        where TVector : struct
    {
        var filters = _filters.Pointer;
        var end = filters + (2 * _taps);
        for (var n = 0; n < count; n += TLanes.Count)
        {
            var (lowEven, lowOdd, highEven, highOdd) = (TLanes.Broadcast(0), TLanes.Broadcast(0), TLanes.Broadcast(0), TLanes.Broadcast(0));
            var e = _even.Pointer + n;
            var o = _odd.Pointer + n;
            for (var taps = filters; taps < end; taps += 4)
            {
                var (x, y) = (TLanes.Load(e++), TLanes.Load(o++));
                lowEven = TLanes.MultiplyAdd(x, TLanes.Broadcast(taps[0]), lowEven);
                lowOdd = TLanes.MultiplyAdd(y, TLanes.Broadcast(taps[1]), lowOdd);
                highEven = TLanes.MultiplyAdd(x, TLanes.Broadcast(taps[2]), highEven);
                highOdd = TLanes.MultiplyAdd(y, TLanes.Broadcast(taps[3]), highOdd);
            }

            TLanes.Store(TLanes.Add(lowEven, lowOdd), low + n);
            TLanes.Store(TLanes.Add(highEven, highOdd), high + n);
        }
    }
}
