using System.Numerics.Tensors;
using StreamGenre.Stages.Announcing;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Smoothing;

namespace StreamGenre.Stages;

/// <summary>
/// The last step of a stream: window scores, in the order of the audio, become rolling scores, an announced genre and numbered updates. Not thread-safe;
/// state belongs to one stream.
/// </summary>
internal sealed class UpdateSequence
{
    private readonly GenreStreamOptions _options;
    private readonly ModelContract _contract;
    private readonly RollingSmoother _smoother;
    private readonly GenreAnnouncer _announcer;
    private readonly TimeProvider _time;
    private float[] _rolling = [];
    private float _confidence;
    private long _sequence;
    private TimeSpan _lastEnd;

    public UpdateSequence(GenreStreamOptions options, ModelContract contract, TimeProvider time)
    {
        _options = options;
        _contract = contract;
        _time = time;
        _smoother = new RollingSmoother(
            options.Smoothing, contract.Labels.Count, options.WindowHop, sumToOne: contract.ScoreKind != ScoreKind.IndependentProbabilities);
        _announcer = new GenreAnnouncer(options.Announcement, contract.Labels);
    }

    /// <summary>The update of the next window.</summary>
    /// <param name="start">Audio time at which the window begins.</param>
    /// <param name="end">Audio time at which it ends.</param>
    /// <param name="scores">The model's scores, <c>[labels]</c>, which the update keeps; null for a silent window.</param>
    /// <param name="dropped">Windows of the stream dropped so far.</param>
    /// <param name="arrival">When the window's last byte came, in the time provider's timestamps.</param>
    public GenreUpdate Next(TimeSpan start, TimeSpan end, float[]? scores, long dropped, long arrival)
    {
        _rolling = (scores is null ? _smoother.Skip(end) : _smoother.Add(start, end, scores)).ToArray();
        _confidence = Confidence();
        _lastEnd = end;
        var before = _announcer.Announced;
        if (scores is null)
        {
            var ended = _announcer.HearNothing();
            return Make(start, end, null, GenreAnnouncer.None, ended ? Name(before) : null, StreamState.Silent, dropped, arrival);
        }

        var top = TensorPrimitives.IndexOfMax<float>(_rolling);
        var changed = _announcer.Hear(top, _confidence);
        var state = _smoother.IsWarm ? StreamState.Live : StreamState.WarmingUp;
        return Make(start, end, scores, top, changed ? Name(before) : null, state, dropped, arrival);
    }

    /// <summary>The last update: what it says of the sound is what the one before it said.</summary>
    /// <param name="audioTime">Audio received in all.</param>
    /// <param name="dropped">Windows of the stream dropped in all.</param>
    /// <param name="since">When the end was told, in the time provider's timestamps.</param>
    public GenreUpdate End(TimeSpan audioTime, long dropped, long since)
    {
        // Resampled audio may reach a fraction of a sample beyond the audio that came in; time does not go back for that.
        var end = audioTime > _lastEnd ? audioTime : _lastEnd;
        return Make(end, end, null, TensorPrimitives.IndexOfMax<float>(_rolling), before: null, StreamState.Ended, dropped, since);
    }

    // "Before" is what was announced before, where that has changed.
    private GenreUpdate Make(TimeSpan start, TimeSpan end, float[]? scores, int top, string? before, StreamState state, long dropped, long since) => new()
    {
        StreamId = _options.StreamId,
        Sequence = ++_sequence,
        WindowStart = start,
        WindowEnd = end,
        WindowScores = scores,
        RollingScores = _rolling,
        TopGenre = Name(top),
        Confidence = _confidence,
        Entropy = Certainty.Entropy(_rolling),
        AnnouncedGenre = Name(_announcer.Announced),
        AnnouncedBefore = before,
        State = state,
        SmoothedDuration = _smoother.SmoothedDuration,
        DroppedWindows = dropped,
        Time = _time.GetUtcNow(),
        ProcessingLatency = _time.GetElapsedTime(since),
        Model = _contract,
    };

    private float Confidence() => _contract.ScoreKind == ScoreKind.IndependentProbabilities
        ? _rolling.Length == 0 ? 0 : TensorPrimitives.Max<float>(_rolling)
        : Certainty.Confidence(_rolling, _smoother.SmoothedDuration.TotalSeconds / _contract.WindowSeconds);

    // IndexOfMax gives -1 for no scores, as the announcer does for no genre.
    private string Name(int genre) => genre < 0 ? "" : _contract.Labels[genre];
}
