using StreamGenre.StreamHost.History;

namespace StreamGenre.StreamHost.Tests.History;

public sealed class MemoryHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_SpanAndInstance_GivesWhatLiesInThem()
    {
        var memory = new MemoryHistory(1 << 20, TimeSpan.FromDays(1));
        var (here, there) = (new Rows(), new Rows(instance: "there"));
        for (var minute = 0; minute < 10; minute++)
        {
            memory.Add(here.Minute(Noon.AddMinutes(minute)));
            memory.Add(there.Change(Noon.AddMinutes(minute)));
        }

        memory.Add(new Rows("other").Change(Noon));
        var all = memory.Read(Query(0, 10));
        Assert.Equal((10, 10), (all.Changes.Count, all.Minutes.Count));
        var some = memory.Read(Query(3, 5, "there"));
        Assert.Equal([Noon.AddMinutes(3), Noon.AddMinutes(4)], some.Changes.Select(change => change.Time));
        Assert.Empty(some.Minutes);
        Assert.Empty(memory.Read(Query(0, 10) with { StreamId = "nobody" }).Changes);
    }

    [Fact]
    public void Add_BeyondTheBound_ForgetsTheOldestOfAllStreams()
    {
        var memory = new MemoryHistory(100_000, TimeSpan.FromDays(10_000));
        var streams = Enumerable.Range(0, 5).Select(i => new Rows($"s{i}")).ToList();
        for (var minute = 0; minute < 2000; minute++)
        {
            memory.Add(streams[minute % 5].Minute(Noon.AddMinutes(minute)));
        }

        // 264 bytes each by the estimate.
        Assert.Equal(378, memory.Count);
        var held = Enumerable.Range(0, 5).SelectMany(i => memory.Read(Query(0, 2000) with { StreamId = $"s{i}" }).Minutes).Select(minute => minute.Start);
        Assert.Equal(Enumerable.Range(2000 - 378, 378).Select(minute => Noon.AddMinutes(minute)), held.Order());
    }

    [Fact]
    public void Add_OlderThanTheRetention_IsForgotten()
    {
        var memory = new MemoryHistory(1 << 20, TimeSpan.FromHours(1));
        var (old, rows) = (new Rows("old"), new Rows());
        memory.Add(old.Change(Noon));
        memory.Add(rows.Minute(Noon.AddMinutes(60)));
        Assert.Equal(2, memory.Count);
        memory.Add(rows.Change(Noon.AddMinutes(61)));
        Assert.Empty(memory.Read(Query(0, 100) with { StreamId = "old" }).Changes);
        Assert.Equal(2, memory.Count);
    }

    [Fact]
    public async Task ReadAsync_MoreThanTheLimit_GivesTheNewestAndSaysSo()
    {
        var history = new StreamHistory(new HistoryOptions { Instance = "here" }, database: null);
        var recorder = history.Open("s", Updates.Model.Labels);
        var updates = new Updates(Noon);
        for (var second = 1; second <= 200; second++)
        {
            recorder.Record(updates.Next(second % 2 == 0 ? "jazz" : "rock", [0, 0.5f, 0.5f]));
        }

        var query = Query(0, 60) with { Limit = 3 };
        var answer = await history.ReadAsync(query, recorder, default);
        Assert.True(answer.IsTruncated);
        Assert.True(answer.IsComplete);
        Assert.Equal([198, 199, 200], answer.Changes.Select(change => change.AudioTime.TotalSeconds));

        // The running minute comes on top.
        Assert.Equal([Noon, Noon.AddMinutes(1), Noon.AddMinutes(2), Noon.AddMinutes(3)], answer.Minutes.Select(minute => minute.Start));
        Assert.Equal(200, answer.Minutes.Sum(minute => minute.AudioSeconds));
        Assert.False((await history.ReadAsync(query with { Limit = 200 }, recorder, default)).IsTruncated);
    }

    private static HistoryQuery Query(int since, int until, string instance = "") => new("s", Noon.AddMinutes(since), Noon.AddMinutes(until), instance, 100);
}
