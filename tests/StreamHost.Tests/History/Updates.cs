using StreamGenre.Stages;
using StreamGenre.Stages.Contract;

namespace StreamGenre.StreamHost.Tests.History;

/// <summary>Updates of a stream with a window a second, as an engine would make them.</summary>
internal sealed class Updates(DateTimeOffset start)
{
    public static readonly ModelContract Model = new() { Name = "m", Version = "1", Labels = ["blues", "jazz", "rock"], TrainingData = "none", License = "CC0-1.0" };

    private long _sequence;
    private TimeSpan _end;
    private string _announced = "";
    private long _dropped;

    /// <summary>The next second.</summary>
    public GenreUpdate Next(string announced, float[] rolling, StreamState state = StreamState.Live, long? dropped = null, double seconds = 1)
    {
        _dropped = dropped ?? _dropped;
        _end += TimeSpan.FromSeconds(seconds);
        var before = announced == _announced ? null : _announced;
        _announced = announced;
        return new GenreUpdate
        {
            StreamId = "s",
            Sequence = ++_sequence,
            WindowStart = _end - TimeSpan.FromSeconds(3),
            WindowEnd = _end,
            RollingScores = rolling,
            TopGenre = announced,
            Confidence = 0.75f,
            AnnouncedGenre = announced,
            AnnouncedBefore = before,
            State = state,
            SmoothedDuration = TimeSpan.FromSeconds(30),
            DroppedWindows = _dropped,
            Time = start + _end,
            ProcessingLatency = TimeSpan.Zero,
            Model = Model,
        };
    }

    public GenreUpdate Silence(long? dropped = null) => Next("", [], StreamState.Silent, dropped);

    /// <summary>The end, which announces what was announced.</summary>
    public GenreUpdate End() => Next(_announced, [], StreamState.Ended, seconds: 0);
}
