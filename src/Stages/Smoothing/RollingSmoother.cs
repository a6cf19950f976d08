using System.Numerics.Tensors;

namespace StreamGenre.Stages.Smoothing;

/// <summary>
/// One stream's rolling scores, in audio time. Every mode forgets a window that ends <see cref="SmoothingOptions.Window"/> or more before now,
/// so after a silence as long as that there are no rolling scores; until then they fade. Not thread-safe.
/// </summary>
public sealed class RollingSmoother
{
    /// <summary>
    /// Added to a probability before its logarithm: about the resolution of a float near 1, so that one window's 0 weighs on the geometric
    /// mean (of thirty windows: times 0.6) but does not rule a label out.
    /// </summary>
    private const double LogEpsilon = 1e-7;

    private readonly SmoothingOptions _options;
    private readonly TimeSpan _hop;
    private readonly bool _sumToOne;
    private readonly Queue<Entry> _entries = new();
    private readonly Stack<float[]> _spare = new();

    // Mean and log mean: sums of the entries' terms. Exponential: the decayed sum.
    private readonly double[] _sums;
    private readonly float[] _rolling;
    private double _weight;
    private TimeSpan _covered;
    private TimeSpan _lastEnd;
    private int _forgottenSinceResummed;

    /// <summary>Starts empty.</summary>
    /// <param name="options">The rule and its span.</param>
    /// <param name="labelCount">Scores of a window; at least 1.</param>
    /// <param name="windowHop">From one window's start to the next's: how much audio a window vouches for if that is more than its own length.</param>
    /// <param name="sumToOne">
    /// Whether <see cref="SmoothingMode.LogMean"/> makes the scores sum to one again; false for independent probabilities, which don't.
    /// </param>
    public RollingSmoother(SmoothingOptions options, int labelCount, TimeSpan windowHop, bool sumToOne = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labelCount, 1);
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join("; ", errors), nameof(options));
        }

        _options = options;
        _hop = windowHop;
        _sumToOne = sumToOne;
        _sums = new double[labelCount];
        _rolling = new float[labelCount];
    }

    /// <summary>Whether there is a window to speak from.</summary>
    public bool HasScores => _entries.Count > 0;

    /// <summary>Audio that the rolling scores rest on: what the windows cover together, overlap counted once, silence not at all.</summary>
    public TimeSpan SmoothedDuration => _covered < _options.Window ? _covered : _options.Window;

    /// <summary>Whether the scores rest on a whole smoothing window.</summary>
    public bool IsWarm => _covered >= _options.Window;

    /// <summary>Takes in a window and gives the rolling scores, <c>[labels]</c>, valid until the next call.</summary>
    /// <param name="start">Audio time at which the window begins.</param>
    /// <param name="end">Audio time at which it ends; windows come in the order of their ends.</param>
    /// <param name="scores">The window's scores, <c>[labels]</c>.</param>
    public ReadOnlySpan<float> Add(TimeSpan start, TimeSpan end, ReadOnlySpan<float> scores)
    {
        if (scores.Length != _sums.Length)
        {
            throw new ArgumentException($"A window has {scores.Length} scores; this smoother takes {_sums.Length}.", nameof(scores));
        }

        Forget(end - _options.Window);
        Decay(end - _lastEnd);
        var vouched = end - start > _hop ? end - start : _hop;
        var covers = end - _lastEnd < vouched ? end - _lastEnd : vouched;
        _lastEnd = end;
        var kept = _spare.TryPop(out var spare) ? spare : new float[_sums.Length];
        scores.CopyTo(kept);
        _entries.Enqueue(new Entry(end, covers, kept));
        _covered += covers;
        Accumulate(kept, 1);
        return Rolling();
    }

    /// <summary>
    /// Lets time pass without a window (a silent one) and gives the rolling scores, times 1 − silence/window: what is heard no more fades in equal steps, and is
    /// gone when the last window is forgotten. The next window brings them back whole.
    /// </summary>
    /// <param name="now">Audio time; not before the last window's end.</param>
    public ReadOnlySpan<float> Skip(TimeSpan now)
    {
        Forget(now - _options.Window);
        if (!HasScores)
        {
            return default;
        }

        var rolling = Rolling();
        TensorPrimitives.Multiply(rolling, (float)(1 - ((now - _lastEnd) / _options.Window)), _rolling);
        return _rolling;
    }

    private ReadOnlySpan<float> Rolling()
    {
        switch (_options.Mode)
        {
            case SmoothingMode.LogMean:
                GeometricMean();
                break;
            case SmoothingMode.Exponential:
                Divide(_weight);
                break;
            default:
                Divide(_entries.Count);
                break;
        }

        return _rolling;
    }

    /// <summary>Drops the entries that end at or before <paramref name="limit"/>.</summary>
    private void Forget(TimeSpan limit)
    {
        while (_entries.TryPeek(out var oldest) && oldest.End <= limit)
        {
            _entries.Dequeue();
            _covered -= oldest.Covers;
            Accumulate(oldest.Scores, -1);
            _spare.Push(oldest.Scores);
            _forgottenSinceResummed++;
        }

        if (_entries.Count == 0)
        {
            Array.Clear(_sums);
            _weight = 0;
            _forgottenSinceResummed = 0;
        }
        else if (_options.Mode != SmoothingMode.Exponential && _forgottenSinceResummed >= _entries.Count)
        {
            // Adding and taking away leaves rounding behind; summing afresh once a window's worth keeps it from growing, at the same
            // cost per window as the adding itself.
            Array.Clear(_sums);
            foreach (var entry in _entries)
            {
                Accumulate(entry.Scores, 1);
            }

            _forgottenSinceResummed = 0;
        }
    }

    private void Accumulate(float[] scores, int sign)
    {
        switch (_options.Mode)
        {
            case SmoothingMode.Mean:
                for (var i = 0; i < scores.Length; i++)
                {
                    _sums[i] += sign * (double)scores[i];
                }

                break;
            case SmoothingMode.LogMean:
                for (var i = 0; i < scores.Length; i++)
                {
                    _sums[i] += sign * Math.Log(scores[i] + LogEpsilon);
                }

                break;
            case SmoothingMode.Exponential when sign > 0:
                for (var i = 0; i < scores.Length; i++)
                {
                    _sums[i] += scores[i];
                }

                _weight++;
                break;
        }
    }

    /// <summary>Exponential: w ← w·exp(−Δt/τ), τ = window/3. A window that is forgotten has e⁻³ = 5 % left, which fades on its own.</summary>
    private void Decay(TimeSpan passed)
    {
        if (_options.Mode != SmoothingMode.Exponential)
        {
            return;
        }

        var factor = Math.Exp(-3 * (passed / _options.Window));
        _weight *= factor;
        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i] *= factor;
        }
    }

    private void Divide(double weight)
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            _rolling[i] = (float)(_sums[i] / weight);
        }
    }

    private void GeometricMean()
    {
        var total = 0.0;
        for (var i = 0; i < _sums.Length; i++)
        {
            total += Math.Exp(_sums[i] / _entries.Count);
        }

        var scale = _sumToOne ? 1 / total : 1;
        for (var i = 0; i < _sums.Length; i++)
        {
            _rolling[i] = (float)(Math.Exp(_sums[i] / _entries.Count) * scale);
        }
    }

    private readonly record struct Entry(TimeSpan End, TimeSpan Covers, float[] Scores);
}
