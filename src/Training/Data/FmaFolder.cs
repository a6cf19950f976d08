using System.Globalization;

using CsvHelper;

namespace StreamGenre.Training.Data;

/// <summary>
/// The Free Music Archive data set (Defferrard et al. 2017): <c>fma_metadata/tracks.csv</c>, whose columns have two names over one row of the index's
/// name, and audio at <c>fma_small/000/000002.mp3</c>. Its split keeps artists apart.
/// </summary>
internal static class FmaFolder
{
    // Each holds those before it; the full one has the tracks of the large one in their whole length.
    private static readonly string[] Subsets = ["small", "medium", "large", "full"];

    /// <summary>The tracks of a data set's folder, which holds <c>fma_metadata</c> and one audio folder, or of such an audio folder; null where it is neither.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="allGenres">All genres of a track (<c>genres_all</c>) in place of its top genre, which many tracks outside small and medium lack.</param>
    /// <exception cref="TrainingException">The metadata are damaged, or it is not clear which audio folder is meant.</exception>
    public static AudioListing? TryList(string folder, bool allGenres)
    {
        var whole = Path.GetFullPath(folder);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(whole));
        var isAudio = Subsets.Any(subset => name == Audio(subset));
        var root = isAudio ? Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(whole))! : whole;
        var tracks = Path.Combine(root, "fma_metadata", "tracks.csv");
        if (!File.Exists(tracks))
        {
            return null;
        }

        var there = isAudio ? [name[4..]] : Subsets.Where(subset => Directory.Exists(Path.Combine(root, Audio(subset)))).ToList();
        return there switch
        {
            [var subset] => CsvFile.Read(
                tracks, csv => Read(csv, tracks, Path.Combine(root, Audio(subset)), subset, allGenres ? Genres(root) : null), hasHeader: false),
            [] => throw new TrainingException($"{folder} holds fma_metadata but no audio; put {string.Join(", ", Subsets.Select(Audio))} beside it"),
            _ => throw new TrainingException($"{folder} holds {string.Join(" and ", there.Select(Audio))}; name the one that is meant, such as {Path.Combine(folder, Audio(there[0]))}"),
        };
    }

    private static string Audio(string subset) => "fma_" + subset;

    private static AudioListing Read(CsvReader csv, string path, string audio, string subset, IReadOnlyDictionary<int, string>? genreNames)
    {
        var (groups, names) = (NextRow(csv), NextRow(csv));
        int Column(string group, string name)
        {
            var column = Enumerable.Range(0, Math.Min(groups.Count, names.Count)).FirstOrDefault(i => groups[i] == group && names[i] == name, -1);
            return column >= 0 ? column : throw new TrainingException($"{path} has no column {group}/{name}; its first two rows must be those of FMA's tracks.csv");
        }

        var (split, subsetColumn, artist) = (Column("set", "split"), Column("set", "subset"), Column("artist", "id"));
        var genre = Column("track", genreNames is null ? "genre_top" : "genres_all");
        var within = Subsets.Take(Array.IndexOf(Subsets, subset) + 1).ToHashSet();
        var entries = new List<AudioEntry>();
        var unlabelled = 0;
        while (csv.Read())
        {
            // The third row names the index, track_id, and nothing else.
            if (!csv.TryParse<int>(0, out var id) || (subset != "full" && !within.Contains(csv.GetString(subsetColumn))))
            {
                continue;
            }

            var genres = genreNames is null ? Top(csv.GetString(genre)) : All(csv.GetString(genre), genreNames, path);
            if (genres.Count == 0)
            {
                unlabelled++;
                continue;
            }

            var file = $"{id:D6}";
            entries.Add(new AudioEntry(Path.Combine(audio, file[..3], file + ".mp3"), file, genres) { Artist = csv.GetString(artist), Split = csv.GetString(split) });
        }

        return new AudioListing($"FMA {subset}", entries.OrderBy(entry => entry.Id, StringComparer.Ordinal).ToList(), unlabelled);
    }

    private static IReadOnlyList<string> Top(string genre) => genre.Length > 0 ? [genre] : [];

    // "[21, 4]": ids of genres.csv.
    private static List<string> All(string ids, IReadOnlyDictionary<int, string> names, string path) => ids
        .Trim('[', ']')
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(id => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && names.TryGetValue(number, out var name)
            ? name
            : throw new TrainingException($"{path}: genre {id} is not in genres.csv"))
        .ToList();

    private static Dictionary<int, string> Genres(string root)
    {
        var path = Path.Combine(root, "fma_metadata", "genres.csv");
        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no {path}, which names the genres of genres_all");
        }

        return CsvFile.Read(path, csv => Genres(csv, path));
    }

    private static Dictionary<int, string> Genres(CsvReader csv, string path)
    {
        if (!csv.TryGetFieldIndex("genre_id", out var id) || !csv.TryGetFieldIndex("title", out var title))
        {
            throw new TrainingException($"{path} has no columns genre_id and title");
        }

        var rows = new List<(int Id, string Title)>();
        while (csv.Read())
        {
            rows.Add((csv.Parse<int>(id), csv.GetString(title)));
        }

        // Two genres of one title would be one label.
        return rows.GroupBy(row => row.Title, StringComparer.Ordinal)
            .SelectMany(same => same.Count() == 1 ? [same.First()] : same.Select(row => (row.Id, Title: $"{row.Title} ({row.Id})")))
            .ToDictionary(row => row.Id, row => row.Title);
    }

    private static List<string> NextRow(CsvReader csv) => csv.Read() ? [.. csv.Current.ToArray()] : [];
}
