namespace StreamGenre.StreamHost.History;

/// <summary>What is asked of a history.</summary>
/// <param name="StreamId">The stream's id.</param>
/// <param name="Since">From this moment on.</param>
/// <param name="Until">Up to, and without, this moment.</param>
/// <param name="Instance">Only what this server heard; empty for any.</param>
/// <param name="Limit">Most changes and most minutes, the newest of each.</param>
internal sealed record HistoryQuery(string StreamId, DateTimeOffset Since, DateTimeOffset Until, string Instance, int Limit)
{
    /// <summary>Whether something of that moment and that server is asked for; a minute belongs to the moment of its beginning.</summary>
    public bool Wants(DateTimeOffset time, string instance) => time >= Since && time < Until && (Instance.Length == 0 || instance == Instance);
}

/// <summary>What a history holds of a stream, in any order.</summary>
/// <param name="Changes">Genre changes.</param>
/// <param name="Minutes">Minutes.</param>
internal sealed record HistoryRows(IReadOnlyList<GenreChange> Changes, IReadOnlyList<MinuteSummary> Minutes);

/// <summary>The answer to a <see cref="HistoryQuery"/>.</summary>
/// <param name="Changes">Genre changes, by time.</param>
/// <param name="Minutes">Minutes, by time.</param>
/// <param name="IsTruncated">Whether the limit left out older ones.</param>
/// <param name="IsComplete">False when the database did not answer.</param>
internal sealed record HistoryAnswer(IReadOnlyList<GenreChange> Changes, IReadOnlyList<MinuteSummary> Minutes, bool IsTruncated, bool IsComplete);
