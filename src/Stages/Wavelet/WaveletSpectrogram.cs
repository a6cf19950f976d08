using System.Buffers;
using System.Numerics;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;

namespace StreamGenre.Stages.Wavelet;

/// <summary>
/// Mono samples -> the energy of every wavelet band in every frame of the mel grid, mean square of its coefficients (its root where the contract
/// takes magnitudes), with the contract's logarithm taken and no floor. Frame f is written with the same sample that completes mel frame f, so both have the same number of frames at any time. A
/// band's coefficients each count for one frame: those whose centre (their last sample less the band's delay) lies within half a hop of the mel frame's
/// centre. Where that would need samples behind the mel frame's last, the band takes its coefficients up to there and so lags by the rest:
/// at most by the delay of the band, 25 to 40 ms in the narrowest bands of the default front end. Any cutting of the samples gives the same frames to the bit: the transform runs on
/// the stretches between frames, whatever chunks brought them. Not thread-safe; state belongs to one stream.
/// </summary>
public sealed class WaveletSpectrogram
{
    private readonly WaveletCascade _cascade;
    private readonly bool _takeLog;

    // Samples since the last frame or the last full block.
    private readonly float[] _samples = new float[WaveletCascade.BlockSamples];
    private readonly float[] _bands;

    // For each band, from a frame's f·hop to the end of its stretch, and the index of the first coefficient that lies in the cascade.
    private readonly int[] _ends;
    private readonly long[] _firsts;
    private int _filled;

    /// <summary>A spectrogram at the start of a stream.</summary>
    /// <param name="options">How the frames are made; with wavelet bands.</param>
    /// <param name="takeLog">False leaves the bands' energies as they are, without the log rule.</param>
    /// <exception cref="ModelContractException">With everything wrong with the options.</exception>
    /// <exception cref="ArgumentException">The options have no wavelet bands.</exception>
    public WaveletSpectrogram(MelOptions options, bool takeLog = true)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ModelContractException(errors);
        }

        Options = options;
        var wavelet = options.Wavelet ?? throw new ArgumentException("The front end has no wavelet bands.", nameof(options));
        _takeLog = takeLog;
        _cascade = new WaveletCascade(wavelet, options.HopSamples + Math.Max(options.FrameReach, options.HopSamples));
        _bands = new float[BandLogarithm.PaddedLength(wavelet.Bands)];
        _firsts = new long[wavelet.Bands];
        var halfHopBehindCenter = (options.FrameSamples / 2) - options.LeftPadding + (options.HopSamples / 2);
        _ends = [.. _cascade.Bands.Select(band => Math.Min(options.FrameReach, halfHopBehindCenter + (int)Math.Round(band.DelaySamples)))];
    }

    /// <summary>How the frames are made.</summary>
    public MelOptions Options { get; }

    /// <summary>Frames written so far.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Samples taken so far.</summary>
    public long SampleCount { get; private set; }

    private long FrameEnd => (FrameCount * Options.HopSamples) + Options.FrameReach;

    /// <summary>Takes the next samples, cut anywhere, and writes one value a band for each frame that they complete.</summary>
    public void Push(ReadOnlySpan<float> samples, IBufferWriter<float> frames)
    {
        while (samples.Length > 0)
        {
            var taken = (int)Math.Min(Math.Min(samples.Length, _samples.Length - _filled), FrameEnd - SampleCount);
            samples[..taken].CopyTo(_samples.AsSpan(_filled));
            samples = samples[taken..];
            _filled += taken;
            SampleCount += taken;
            var completes = SampleCount == FrameEnd;
            if (completes || _filled == _samples.Length)
            {
                _cascade.Push(_samples.AsSpan(0, _filled));
                _filled = 0;
            }

            if (completes)
            {
                WriteFrame(frames.GetSpan(_firsts.Length)[.._firsts.Length]);
                frames.Advance(_firsts.Length);
                FrameCount++;
            }
        }
    }

    private void WriteFrame(Span<float> frame)
    {
        var start = FrameCount * Options.HopSamples;
        for (var band = 0; band < frame.Length; band++)
        {
            // Coefficient n ends with sample (n + 1)·decimation − 1; those before the stream are zeros and count.
            var shift = _cascade.Bands[band].Path.Length;
            var first = (start + _ends[band] - Options.HopSamples) >> shift;
            var end = (start + _ends[band]) >> shift;
            var coefficients = _cascade.Coefficients[band];
            var there = (int)(end - _firsts[band]);
            // A stream's first frame may begin behind its first coefficients, which then belong to none.
            var earlier = (int)(Math.Max(first, 0) - _firsts[band]);
            var power = Energy(coefficients.Samples.Span[earlier..there]) / (end - first);
            _bands[band] = Options.Spectrum == SpectrumKind.Power ? power : MathF.Sqrt(power);
            coefficients.Drop(there);
            _firsts[band] += there;
        }

        if (_takeLog)
        {
            BandLogarithm.Take(_bands, Options);
        }

        _bands.AsSpan(0, frame.Length).CopyTo(frame);
    }

    private static float Energy(ReadOnlySpan<float> coefficients)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= coefficients.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var c = new Vector<float>(coefficients[i..]);
            sums = Vector.MultiplyAddEstimate(c, c, sums);
        }

        var sum = Vector.Sum(sums);
        for (; i < coefficients.Length; i++)
        {
            sum += coefficients[i] * coefficients[i];
        }

        return sum;
    }
}
