using System.Buffers;
using System.Numerics;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Mel;

/// <summary>
/// Mono samples -> mel frames with the logarithm taken and no floor; each hop is computed once. Frame f lies at f·hop on the stream's own grid
/// (see <see cref="MelOptions.Centered"/>), and is written as soon as its last sample is there. Not thread-safe; state belongs to one stream.
/// </summary>
public sealed class MelSpectrogram
{
    private readonly MelTables _tables;
    private readonly bool _takeLog;

    // Samples from the next frame's first on. No longer than a frame, since every stream has one: moving what frames share to the front costs a fraction
    // of what their transforms do.
    private readonly float[] _samples;
    private int _start;
    private int _filled;
    private int _skip;

    /// <summary>A spectrogram at the start of a stream.</summary>
    /// <param name="options">How the frames are made.</param>
    /// <param name="takeLog">False leaves the bands' energies as they are, without <see cref="MelOptions.LogRule"/>.</param>
    /// <exception cref="ModelContractException">With everything wrong with the options.</exception>
    public MelSpectrogram(MelOptions options, bool takeLog = true)
    {
        _tables = MelTables.Get(options);
        Options = options;
        _takeLog = takeLog;
        _samples = new float[options.FrameSamples];
        _filled = options.LeftPadding;
    }

    /// <summary>How the frames are made.</summary>
    public MelOptions Options { get; }

    /// <summary>Frames written so far.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Samples taken so far.</summary>
    public long SampleCount { get; private set; }

    /// <summary>The whole spectrogram of <paramref name="samples"/> as librosa cuts it, [frames, MelBins]; 1 + ⌊n/hop⌋ frames when centred.</summary>
    /// <param name="options">How the frames are made.</param>
    /// <param name="samples">Mono samples at the options' rate.</param>
    /// <param name="takeLog">False leaves the bands' energies as they are.</param>
    public static float[] Compute(MelOptions options, ReadOnlySpan<float> samples, bool takeLog = true)
    {
        var spectrogram = new MelSpectrogram(options, takeLog);
        var frames = new ArrayBufferWriter<float>();
        spectrogram.Push(samples, frames);
        spectrogram.Complete(frames);
        return frames.WrittenSpan.ToArray();
    }

    /// <summary>Takes the next samples, cut anywhere, and writes MelBins values for each frame that they complete.</summary>
    public void Push(ReadOnlySpan<float> samples, IBufferWriter<float> frames)
    {
        SampleCount += samples.Length;
        Take(samples, frames);
    }

    /// <summary>
    /// Ends the stream as librosa does: a centred stream gets zeros behind it, so that n samples have 1 + ⌊n/hop⌋ frames (none for none).
    /// Push must not be called afterwards.
    /// </summary>
    public void Complete(IBufferWriter<float> frames)
    {
        if (!Options.Centered || SampleCount == 0)
        {
            return;
        }

        Span<float> zeros = stackalloc float[256];
        zeros.Clear();
        var due = 1 + (SampleCount / Options.HopSamples);
        var end = SampleCount;
        while (FrameCount < due)
        {
            // Never past the last frame due: the zeros might complete another.
            var missing = ((due - 1) * Options.HopSamples) + Options.FrameReach - end;
            var count = (int)Math.Min(zeros.Length, missing);
            Take(zeros[..count], frames);
            end += count;
        }
    }

    private void Take(ReadOnlySpan<float> samples, IBufferWriter<float> frames)
    {
        while (samples.Length > 0)
        {
            var skipped = Math.Min(_skip, samples.Length);
            _skip -= skipped;
            samples = samples[skipped..];
            var taken = Math.Min(samples.Length, _samples.Length - _filled);
            samples[..taken].CopyTo(_samples.AsSpan(_filled));
            samples = samples[taken..];
            _filled += taken;
            WriteFrames(frames);

            if (_start >= _filled)
            {
                _skip += _start - _filled;
                (_start, _filled) = (0, 0);
            }
            else if (_filled == _samples.Length)
            {
                _samples.AsSpan(_start.._filled).CopyTo(_samples);
                (_start, _filled) = (0, _filled - _start);
            }
        }
    }

    private void WriteFrames(IBufferWriter<float> frames)
    {
        if (_filled - _start < Options.FrameSamples)
        {
            return;
        }

        var scratch = _tables.Rent();
        for (; _filled - _start >= Options.FrameSamples; _start += Options.HopSamples)
        {
            WriteFrame(scratch, _samples.AsSpan(_start, Options.FrameSamples), frames.GetSpan(Options.MelBins)[..Options.MelBins]);
            frames.Advance(Options.MelBins);
            FrameCount++;
        }

        _tables.Return(scratch);
    }

    private void WriteFrame(MelScratch scratch, ReadOnlySpan<float> samples, Span<float> frame)
    {
        var windowed = scratch.Windowed;
        var window = _tables.Window.AsSpan();
        var n = 0;
        for (; n <= samples.Length - Vector<float>.Count; n += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(samples[n..]), out var low, out var high);
            (low * new Vector<double>(window[n..])).CopyTo(windowed, n);
            (high * new Vector<double>(window[(n + Vector<double>.Count)..])).CopyTo(windowed, n + Vector<double>.Count);
        }

        for (; n < samples.Length; n++)
        {
            windowed[n] = samples[n] * window[n];
        }

        scratch.Fft.Transform(windowed, scratch.Re, scratch.Im);
        TakeMagnitudes(scratch.Re, scratch.Im, scratch.Spectrum);
        _tables.Bank.Apply(scratch.Spectrum, scratch.Bands);
        if (_takeLog)
        {
            BandLogarithm.Take(scratch.Bands, Options);
        }

        scratch.Bands.AsSpan(0, frame.Length).CopyTo(frame);
    }

    private void TakeMagnitudes(double[] re, double[] im, float[] spectrum)
    {
        var magnitude = Options.Spectrum == SpectrumKind.Magnitude;
        var i = 0;
        for (; i <= re.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Narrow(Power(re, im, i), Power(re, im, i + Vector<double>.Count)).CopyTo(spectrum, i);
        }

        for (; i < re.Length; i++)
        {
            spectrum[i] = (float)((re[i] * re[i]) + (im[i] * im[i]));
        }

        if (magnitude)
        {
            for (i = 0; i <= spectrum.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.SquareRoot(new Vector<float>(spectrum, i)).CopyTo(spectrum, i);
            }
        }
    }

    private static Vector<double> Power(double[] re, double[] im, int bin)
    {
        var (x, y) = (new Vector<double>(re, bin), new Vector<double>(im, bin));
        return Vector.MultiplyAddEstimate(x, x, y * y);
    }
}
