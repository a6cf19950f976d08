namespace StreamGenre.Training.Data;

/// <summary>One recording of a data set, not read yet.</summary>
/// <param name="Path">The file.</param>
/// <param name="Id">Its name in the set.</param>
/// <param name="Genres">Its genres, the main one first; at least one.</param>
internal sealed record AudioEntry(string Path, string Id, IReadOnlyList<string> Genres)
{
    /// <summary>Its artist, or null where none is known.</summary>
    public string? Artist { get; init; }

    /// <summary>The side the data set puts it on, in its own word; null where it has no split of its own.</summary>
    public string? Split { get; init; }
}

/// <summary>What a folder of audio was recognised as.</summary>
/// <param name="Layout">Its form, for people: <c>GTZAN</c>, <c>FMA small</c>, ...</param>
/// <param name="Entries">Its recordings, in the order of their ids.</param>
/// <param name="Unlabelled">Recordings without a genre, which are left out.</param>
internal sealed record AudioListing(string Layout, IReadOnlyList<AudioEntry> Entries, int Unlabelled = 0)
{
    /// <summary>Recordings in GTZAN's folders that are not named as its own, such as <c>blues.00000</c>, which are left out.</summary>
    public int Unnumbered { get; init; }

    /// <summary>One line: what was recognised, clips, genres, splits, artists.</summary>
    public override string ToString()
    {
        var genres = Entries.SelectMany(entry => entry.Genres).Distinct(StringComparer.Ordinal).Count();
        var artists = Entries.Select(entry => entry.Artist).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        var splits = Entries.Where(entry => entry.Split is not null).GroupBy(entry => entry.Split).OrderByDescending(split => split.Count()).ToList();
        var split = splits.Count > 0 ? $"its own split ({string.Join(", ", splits.Select(side => $"{side.Count()} {side.Key}"))})" : "no split of its own";
        return $"{Layout}, {Entries.Count} recordings of {genres} genres, {(artists > 0 ? $"{artists} artists" : "no artists known")}, {split}"
            + (Unlabelled > 0 ? $"; {Unlabelled} without a genre left out" : "")
            + (Unnumbered > 0 ? $"; {Unnumbered} of other names than GTZAN's left out (--layout folders takes all)" : "");
    }
}
