using StreamGenre.Stages;
using StreamGenre.StreamHost.History;

namespace StreamGenre.StreamHost.Tests.History;

public sealed class StreamRecorderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly List<GenreChange> _changes = [];
    private readonly List<MinuteSummary> _minutes = [];
    private readonly StreamRecorder _recorder;
    private int _ends;

    public StreamRecorderTests() =>
        _recorder = new StreamRecorder("here", "s", Updates.Model.Labels, _changes.Add, _minutes.Add, () => _ends++);

    [Fact]
    public void Record_TwoMinutesOfTwoGenresAndSilence_SharesTheSecondsByMinute()
    {
        var updates = new Updates(Noon.AddSeconds(30));
        for (var second = 1; second <= 75; second++)
        {
            // 30 s are left of the first minute: 10 s unsure, 15 s jazz, 4 s silence; the update on the minute's stroke is of the next.
            _recorder.Record(second switch
            {
                <= 10 => updates.Next("", [0.3f, 0.4f, 0.3f]),
                <= 25 => updates.Next("jazz", [0.1f, 0.8f, 0.1f], dropped: 2) with { StreamTitle = "Naima" },
                < 30 => updates.Silence(dropped: 3),
                _ => updates.Next("rock", [0, 0.2f, 0.8f], dropped: 3),
            });
        }

        _recorder.Record(updates.End());
        Assert.Equal([Noon, Noon.AddMinutes(1)], _minutes.Select(minute => minute.Start));
        var (first, second2) = (_minutes[0], _minutes[1]);
        Assert.Equal((29, 4, 3), (first.AudioSeconds, first.SilentSeconds, first.DroppedWindows));
        Assert.Equal([0, 15, 0], first.Seconds);
        Assert.Equal(((10 * 0.4f) + (15 * 0.8f)) / 29, first.Scores[1], 1e-5f);
        Assert.Equal((46, 0, 0), (second2.AudioSeconds, second2.SilentSeconds, second2.DroppedWindows));
        Assert.Equal([0, 0, 46], second2.Seconds);
        Assert.Equal(0.8f, second2.Scores[2], 1e-5f);
        Assert.Equal(
            [("", "jazz", StreamState.Live), ("jazz", "", StreamState.Silent), ("", "rock", StreamState.Live), ("rock", "", StreamState.Ended)],
            _changes.Select(change => (change.From, change.To, change.State)));
        Assert.Equal([11, 26, 30, 75], _changes.Select(change => change.AudioTime.TotalSeconds));
        Assert.Equal((Noon.AddSeconds(41), "Naima", 0.75f), (_changes[0].Time, _changes[0].Title, _changes[0].Confidence));

        // Every row has a number of its own.
        Assert.Equal(Enumerable.Range(1, 6), _changes.Select(change => change.Number).Concat(_minutes.Select(minute => minute.Number)).Order());
        Assert.Single(_changes.Select(change => change.Run).Concat(_minutes.Select(minute => minute.Run)).Distinct());
        Assert.Equal(1, _ends);
    }

    [Fact]
    public void Record_AfterTheEnd_TakesNothingMore()
    {
        var updates = new Updates(Noon);
        _recorder.Record(updates.Next("rock", [0, 0, 1]));
        Assert.False(_recorder.IsOver);
        _recorder.Record(updates.End());
        _recorder.Record(updates.End());
        Assert.True(_recorder.IsOver);
        Assert.Equal((2, 1, 1), (_changes.Count, _minutes.Count, _ends));
    }

    [Fact]
    public void Running_MinuteNotOver_ShowsItSoFarAndChangesNothing()
    {
        var updates = new Updates(Noon);
        Assert.Null(_recorder.Running());
        _recorder.Record(updates.Next("rock", [0, 0, 1], seconds: 3));
        var running = _recorder.Running()!;
        Assert.Equal((0, 3), (running.Number, running.AudioSeconds));
        _recorder.Record(updates.Next("rock", [0, 0, 0.5f]));
        _recorder.Record(updates.End());
        Assert.Equal((3, 1), (running.Seconds[2], running.Scores[2]));
        Assert.Equal((4, 0.75f), (_minutes[0].Seconds[2], _minutes[0].Scores[2]));
    }

    [Fact]
    public void Record_WithinAMinute_AllocatesNothing()
    {
        var updates = new Updates(Noon);
        var made = Enumerable.Range(0, 50).Select(_ => updates.Next("rock", [0.1f, 0.2f, 0.7f])).ToList();
        _recorder.Record(made[0]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < made.Count; i++)
        {
            _recorder.Record(made[i]);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
