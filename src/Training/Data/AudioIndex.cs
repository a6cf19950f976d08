using CsvHelper;

namespace StreamGenre.Training.Data;

/// <summary>
/// Recordings named in an <c>index.csv</c>: columns <c>file</c> (relative to the folder), <c>genre</c> (several between semicolons) and optionally
/// <c>artist_id</c> or <c>artist</c>, and <c>split</c>.
/// </summary>
internal static class AudioIndex
{
    /// <summary>Name of the index file.</summary>
    public const string FileName = "index.csv";

    /// <summary>The recordings of a folder's index, or null where it has none.</summary>
    /// <exception cref="TrainingException">The index lacks a column or a row lacks a field.</exception>
    public static AudioListing? TryList(string folder, bool allGenres)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        return CsvFile.Read(path, csv => Read(csv, path, folder, allGenres), trims: true);
    }

    private static AudioListing Read(CsvReader csv, string path, string folder, bool allGenres)
    {
        csv.ReadHeader();
        var header = csv.Headers.ToList();
        int Column(string name, bool needed)
        {
            var column = header.IndexOf(name);
            return column >= 0 || !needed ? column : throw new TrainingException($"{path} has no column '{name}'; its header is {string.Join(',', header)}");
        }

        var (file, genre, split) = (Column("file", true), Column("genre", true), Column("split", false));
        var artist = Math.Max(Column("artist_id", false), Column("artist", false));
        var entries = new List<AudioEntry>();
        while (csv.Read())
        {
            if (csv.FieldCount != header.Count)
            {
                throw new TrainingException($"{path}, line {csv.LineNumber}: '{csv.Current.ToString()}' has {csv.FieldCount} fields, the header {header.Count}");
            }

            string? Optional(int column) => column >= 0 && csv.GetString(column) is { Length: > 0 } value ? value : null;
            var id = csv.GetString(file);
            var genres = csv.GetString(genre).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (genres.Length == 0)
            {
                throw new TrainingException($"{path}, line {csv.LineNumber}: '{id}' has no genre");
            }

            entries.Add(new AudioEntry(Path.Combine(folder, id), id, allGenres ? genres : genres[..1]) { Artist = Optional(artist), Split = Optional(split) });
        }

        return new AudioListing("index.csv", entries.OrderBy(entry => entry.Id, StringComparer.Ordinal).ToList());
    }
}
