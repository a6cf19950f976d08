namespace StreamGenre.StreamHost.History.Postgres;

/// <summary>A row on its way to the database: a change or a minute.</summary>
/// <param name="Change">The change; null for a minute.</param>
/// <param name="Minute">The minute; null for a change.</param>
internal readonly record struct HistoryRow(GenreChange? Change, MinuteSummary? Minute);
