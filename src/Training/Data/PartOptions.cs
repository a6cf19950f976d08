namespace StreamGenre.Training.Data;

/// <summary>What of a data set's parts is read, and how.</summary>
internal sealed record PartOptions
{
    /// <summary>The form of folders.</summary>
    public DataLayout Layout { get; init; }

    /// <summary>Only these genres; empty for all.</summary>
    public IReadOnlyList<string> Genres { get; init; } = [];

    /// <summary>All genres but these.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>All genres of a recording in place of its main one (FMA's <c>genres_all</c>, or names between semicolons in an index).</summary>
    public bool AllGenres { get; init; }

    /// <summary>Only rows of this split in a folder's index; null for all.</summary>
    public string? Rows { get; init; }

    /// <summary>How fast recordings are played, and how much higher they sound: 1 as they are.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Whether a genre is read.</summary>
    public bool Takes(string genre) => (Genres.Count == 0 || Genres.Contains(genre, StringComparer.Ordinal)) && !Without.Contains(genre, StringComparer.Ordinal);
}
