using StreamGenre.Stages;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.History.Postgres;

namespace StreamGenre.StreamHost.Tests.History;

/// <summary>Rows of one run of a stream, as many as are wanted.</summary>
internal sealed class Rows(string streamId = "s", string instance = "here")
{
    private readonly Guid _run = Guid.NewGuid();
    private int _number;

    public GenreChange Change(DateTimeOffset time, string title = "") => new()
    {
        Run = _run,
        Number = ++_number,
        Instance = instance,
        StreamId = streamId,
        Time = time,
        AudioTime = TimeSpan.FromSeconds(_number),
        From = "jazz",
        To = "rock",
        Confidence = 0.5f,
        State = StreamState.Live,
        Title = title,
    };

    public MinuteSummary Minute(DateTimeOffset start) => new()
    {
        Run = _run,
        Number = ++_number,
        Instance = instance,
        StreamId = streamId,
        Start = start,
        Labels = ["blues", "jazz", "rock"],
        Seconds = [0, 20, 30.5f],
        Scores = [0, 0.25f, 0.75f],
        AudioSeconds = 60,
        SilentSeconds = 4,
        DroppedWindows = 2,
    };

    /// <summary>Rows for a database, changes and minutes in turn.</summary>
    public IEnumerable<HistoryRow> Take(int count, DateTimeOffset time) =>
        Enumerable.Range(0, count).Select(i => i % 2 == 0 ? new HistoryRow(Change(time), null) : new HistoryRow(null, Minute(time)));
}
