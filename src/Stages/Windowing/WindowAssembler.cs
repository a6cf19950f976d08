using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Wavelet;

namespace StreamGenre.Stages.Windowing;

/// <summary>
/// Mono samples at the model's rate -> windows. Window i covers the audio from i·hop to i·hop + WindowSeconds and holds the last WindowFrames
/// frames of the stream's own grid whose samples all lie before its end; it is made the moment its last sample arrives, without looking ahead.
/// Not thread-safe; state belongs to one stream.
/// </summary>
public sealed class WindowAssembler
{
    /// <summary>Least hop from window to window.</summary>
    public static readonly TimeSpan MinHop = TimeSpan.FromSeconds(0.1);

    /// <summary>Greatest hop from window to window; a hop longer than the window leaves audio out.</summary>
    public static readonly TimeSpan MaxHop = TimeSpan.FromSeconds(30);

    /// <summary>New audio that a last, partial window must bring.</summary>
    public static readonly TimeSpan MinTail = TimeSpan.FromSeconds(0.25);

    /// <summary>Audio from which a stream shorter than a window still gets one.</summary>
    public static readonly TimeSpan MinStream = TimeSpan.FromSeconds(0.5);

    private readonly ModelContract _contract;
    private readonly TimeSpan _hop;
    private readonly StackedSpectrogram _spectrogram;
    private readonly FrameRing _ring;
    private readonly LevelMeter _level;
    private readonly LevelGate _gate;
    private readonly WindowFinish _finish;
    private readonly int _windowSamples;
    private readonly int _rate;
    private readonly int _patchCount;
    private long _samples;
    private long _index;
    private long _lastEnd;
    private long _framesAtLast;

    /// <summary>An assembler at the start of a stream.</summary>
    /// <param name="contract">What a window is.</param>
    /// <param name="hop">Audio time from one window to the next; 0.1..30 s.</param>
    /// <param name="silence">Checked levels of silence; the defaults where null.</param>
    /// <exception cref="ModelContractException">With everything wrong with the contract.</exception>
    /// <exception cref="ArgumentException">When the hop is out of range.</exception>
    public WindowAssembler(ModelContract contract, TimeSpan hop, SilenceOptions? silence = null)
    {
        if (contract.Errors() is { Count: > 0 } errors)
        {
            throw new ModelContractException(errors);
        }

        if (hop < MinHop || hop > MaxHop)
        {
            throw new ArgumentException(
                $"window hop is {hop.TotalSeconds} s; it must be {MinHop.TotalSeconds}..{MaxHop.TotalSeconds} s", nameof(hop));
        }

        _contract = contract;
        _hop = hop;
        _rate = contract.Mel.SampleRateHz;
        _windowSamples = contract.WindowSamples;
        _patchCount = contract.PatchCount;
        _spectrogram = new StackedSpectrogram(contract.Mel);
        _ring = new FrameRing(contract.WindowFrames, contract.Mel.Rows);
        _level = new LevelMeter(_windowSamples);
        _gate = new LevelGate(silence ?? new SilenceOptions());
        _finish = new WindowFinish(contract);
    }

    /// <summary>Takes the next samples, cut anywhere, and adds each window that they complete. The caller owns the windows.</summary>
    public void Push(ReadOnlySpan<float> samples, Queue<MelWindow> windows)
    {
        while (samples.Length > 0)
        {
            var end = SampleAt(_index) + _windowSamples;
            var taken = (int)Math.Min(samples.Length, end - _samples);
            _spectrogram.Push(samples[..taken], _ring);
            _level.Push(samples[..taken]);
            _samples += taken;
            samples = samples[taken..];
            if (_samples == end)
            {
                windows.Enqueue(Window(end - _windowSamples, isPartial: false));
            }
        }
    }

    /// <summary>
    /// Ends the stream. Audio behind the last window, when it is at least <see cref="MinTail"/> and brings a new frame, gets a window that ends where
    /// the stream ends. A stream shorter than a window gets one when it is at least <see cref="MinStream"/>: its frames are repeated in turn
    /// until the window is full. Push must not be called afterwards.
    /// </summary>
    public void Complete(Queue<MelWindow> windows)
    {
        var least = _index == 0 ? MinStream : MinTail;
        if (_ring.Written > _framesAtLast && TimeOf(_samples - _lastEnd) >= least)
        {
            windows.Enqueue(Window(Math.Max(0, _samples - _windowSamples), isPartial: true));
        }
    }

    // From the index each time, so that hops that are no whole number of samples don't drift.
    private long SampleAt(long index)
        => (long)((((Int128)index * _hop.Ticks * _rate) + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond);

    private TimeSpan TimeOf(long samples) => TimeSpan.FromTicks((long)((Int128)samples * TimeSpan.TicksPerSecond / _rate));

    private MelWindow Window(long start, bool isPartial)
    {
        var level = _level.Dbfs(start, _samples);
        var window = new MelWindow(_patchCount, _contract.Mel.Rows * _contract.PatchFrames)
        {
            Index = _index++,
            Start = TimeOf(start),
            End = TimeOf(_samples),
            LevelDbfs = level,
            IsSilent = _gate.IsSilent(level),
            IsPartial = isPartial,
        };
        _finish.Fill(window, _ring);
        _lastEnd = _samples;
        _framesAtLast = _ring.Written;
        return window;
    }
}
