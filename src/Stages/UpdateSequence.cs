using System.Numerics.Tensors;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Smoothing;

namespace StreamGenre.Stages;

/// <summary>
/// The last step of a stream: window scores, in the order of the audio, become rolling scores and numbered updates. Not thread-safe; state
/// belongs to one stream.
/// </summary>
internal sealed class UpdateSequence
{
    private readonly GenreStreamOptions _options;
    private readonly ModelContract _contract;
    private readonly RollingSmoother _smoother;
    private readonly TimeProvider _time;
    private long _sequence;
    private TimeSpan _lastEnd;

    public UpdateSequence(GenreStreamOptions options, ModelContract contract, TimeProvider time)
    {
        _options = options;
        _contract = contract;
        _time = time;
        _smoother = new RollingSmoother(
            options.Smoothing, contract.Labels.Count, options.WindowHop, sumToOne: contract.ScoreKind != ScoreKind.IndependentProbabilities);
    }

    /// <summary>The update of the next window.</summary>
    /// <param name="start">Audio time at which the window begins.</param>
    /// <param name="end">Audio time at which it ends.</param>
    /// <param name="scores">The model's scores, <c>[labels]</c>, which the update keeps; null for a silent window.</param>
    /// <param name="dropped">Windows of the stream dropped so far.</param>
    /// <param name="arrival">When the window's last byte came, in the time provider's timestamps.</param>
    public GenreUpdate Next(TimeSpan start, TimeSpan end, float[]? scores, long dropped, long arrival)
    {
        var rolling = scores is null ? _smoother.Skip(end) : _smoother.Add(start, end, scores);
        var state = scores is null ? StreamState.Silent : _smoother.IsWarm ? StreamState.Live : StreamState.WarmingUp;
        _lastEnd = end;
        return Make(start, end, scores, rolling, state, dropped, arrival);
    }

    /// <summary>The last update.</summary>
    /// <param name="audioTime">Audio received in all.</param>
    /// <param name="dropped">Windows of the stream dropped in all.</param>
    /// <param name="since">When the end was told, in the time provider's timestamps.</param>
    public GenreUpdate End(TimeSpan audioTime, long dropped, long since)
    {
        // Resampled audio may reach a fraction of a sample beyond the audio that came in; time does not go back for that.
        var end = audioTime > _lastEnd ? audioTime : _lastEnd;
        return Make(end, end, null, _smoother.Skip(end), StreamState.Ended, dropped, since);
    }

    private GenreUpdate Make(TimeSpan start, TimeSpan end, float[]? scores, ReadOnlySpan<float> rolling, StreamState state, long dropped, long since) => new()
    {
        StreamId = _options.StreamId,
        Sequence = ++_sequence,
        WindowStart = start,
        WindowEnd = end,
        WindowScores = scores,
        RollingScores = rolling.ToArray(),
        TopGenre = rolling.IsEmpty ? "" : _contract.Labels[TensorPrimitives.IndexOfMax(rolling)],
        State = state,
        SmoothedDuration = _smoother.SmoothedDuration,
        DroppedWindows = dropped,
        ProcessingLatency = _time.GetElapsedTime(since),
        Model = _contract,
    };
}
