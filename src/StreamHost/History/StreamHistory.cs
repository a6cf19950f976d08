using StreamGenre.StreamHost.History.Postgres;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.History;

/// <summary>
/// What the server's named streams have sounded like. Everything new is in memory; where there is a database it is written there too, behind a buffer, and
/// read back from there. Nothing here makes a stream wait.
/// </summary>
/// <param name="options">How much is kept.</param>
/// <param name="database">Where it is kept beyond the server's end; null for nowhere.</param>
internal sealed class StreamHistory(HistoryOptions options, PostgresHistory? database)
{
    // With 1000 streams that change every three minutes, 12 minutes for a watcher to come back in; 1 MB at most.
    private const int ChangesKept = 4096;

    private readonly MemoryHistory _memory = new(options.MemoryMebibytes * 1024L * 1024, options.Retention);

    /// <summary>The newest changes, for those who follow them.</summary>
    public NumberedLog<GenreChange> Changes { get; } = new(ChangesKept);

    /// <summary>Rows in memory.</summary>
    public int MemoryRows => _memory.Count;

    /// <summary>Begins to record a stream.</summary>
    public StreamRecorder Open(string streamId, IReadOnlyList<string> labels) => new(options.Instance, streamId, labels, Add, Add, Changes.Wake);

    /// <summary>What is known of a stream.</summary>
    /// <param name="query">Which stream, and when.</param>
    /// <param name="live">Its recorder, when it is live.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HistoryAnswer> ReadAsync(HistoryQuery query, StreamRecorder? live, CancellationToken cancellationToken)
    {
        // One more than asked for tells whether there are older ones.
        var stored = database is null ? null : await database.ReadAsync(query with { Limit = query.Limit + 1 }, cancellationToken);

        // The running minute may end at any moment: looked at first, it is in memory too if it has.
        var running = live?.Running();
        var recent = _memory.Read(query);
        var changes = Newest(stored?.Changes, recent.Changes, change => (change.Run, change.Number), change => (change.Time, change.Number), query.Limit);
        var minutes = Newest(stored?.Minutes, recent.Minutes, minute => (minute.Run, minute.Number), minute => (minute.Start, minute.Number), query.Limit);
        var isTruncated = changes.Count > query.Limit || minutes.Count > query.Limit;
        minutes = [.. minutes.TakeLast(query.Limit)];
        if (running is not null && query.Wants(running.Start, running.Instance) && !recent.Minutes.Any(minute => minute.Run == running.Run && minute.Start == running.Start))
        {
            minutes.Add(running);
        }

        return new HistoryAnswer([.. changes.TakeLast(query.Limit)], minutes, isTruncated, IsComplete: database is null || stored is not null);
    }

    private void Add(GenreChange change)
    {
        Changes.Append(change);
        _memory.Add(change);
        database?.Add(new HistoryRow(change, null));
    }

    private void Add(MinuteSummary minute)
    {
        _memory.Add(minute);
        database?.Add(new HistoryRow(null, minute));
    }

    // What is in memory is in the database too, or will be: each row once.
    private static List<T> Newest<T, TOrder>(IReadOnlyList<T>? stored, IReadOnlyList<T> recent, Func<T, (Guid, int)> name, Func<T, TOrder> order, int limit) =>
        [.. (stored is null ? recent : stored.Concat(recent).DistinctBy(name)).OrderBy(order).TakeLast(limit + 1)];
}
