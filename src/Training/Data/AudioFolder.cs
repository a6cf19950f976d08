namespace StreamGenre.Training.Data;

/// <summary>One recording of an audio folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="Id">Its name inside the folder, with forward slashes.</param>
/// <param name="Genre">Its genre.</param>
/// <param name="Artist">Its artist, or its own id where none is known.</param>
internal sealed record AudioFolderEntry(string Path, string Id, string Genre, string Artist);

/// <summary>
/// Labelled audio in a folder. With an <c>index.csv</c> (columns <c>file</c>, <c>genre</c> and optionally <c>artist_id</c> or <c>artist</c>, and <c>split</c>)
/// that says what is there; without, each sub-folder is a genre and every audio file in it a recording by an artist of its own.
/// </summary>
internal static class AudioFolder
{
    /// <summary>Name of the index file.</summary>
    public const string IndexName = "index.csv";

    /// <summary>The recordings in a folder, in the order of their ids.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="split">Only rows of this split; null for all. Needs an index with a split column.</param>
    /// <exception cref="TrainingException">There is no such folder, nothing in it, or its index lacks a column.</exception>
    public static IReadOnlyList<AudioFolderEntry> List(string folder, string? split = null)
    {
        if (!Directory.Exists(folder))
        {
            throw new TrainingException($"there is no folder {folder}");
        }

        var index = System.IO.Path.Combine(folder, IndexName);
        if (split is not null && !File.Exists(index))
        {
            throw new TrainingException($"{folder} has no {IndexName}, so there is no split '{split}' in it");
        }

        var entries = File.Exists(index) ? FromIndex(folder, index, split) : FromFolders(folder);
        return entries.Count > 0
            ? entries
            : throw new TrainingException($"{folder} holds no audio; put recordings in one sub-folder a genre, or name them in {IndexName}");
    }

    private static List<AudioFolderEntry> FromFolders(string folder) => Directory.EnumerateDirectories(folder)
        .Order(StringComparer.Ordinal)
        .SelectMany(genre => Directory.EnumerateFiles(genre)
            .Where(AudioDecoding.IsAudio)
            .Order(StringComparer.Ordinal)
            .Select(path =>
            {
                var name = System.IO.Path.GetFileName(genre);
                var id = $"{name}/{System.IO.Path.GetFileName(path)}";
                return new AudioFolderEntry(path, id, name, id);
            }))
        .ToList();

    private static List<AudioFolderEntry> FromIndex(string folder, string index, string? split)
    {
        var lines = File.ReadAllLines(index).Where(line => line.Length > 0).Select(line => line.Split(',')).ToList();
        var header = lines.Count > 0 ? lines[0].Select(name => name.Trim()).ToList() : [];
        int Column(string name, bool needed)
        {
            var column = header.IndexOf(name);
            return column >= 0 || !needed ? column : throw new TrainingException($"{index} has no column '{name}'; its header is {string.Join(',', header)}");
        }

        var (file, genre) = (Column("file", true), Column("genre", true));
        var artist = Math.Max(Column("artist_id", false), Column("artist", false));
        var splitColumn = Column("split", split is not null);
        var entries = new List<AudioFolderEntry>();
        foreach (var row in lines.Skip(1))
        {
            if (row.Length != header.Count)
            {
                throw new TrainingException($"{index}: '{string.Join(',', row)}' has {row.Length} fields, the header {header.Count}");
            }

            if (split is null || row[splitColumn].Trim() == split)
            {
                var id = row[file].Trim();
                entries.Add(new AudioFolderEntry(
                    System.IO.Path.Combine(folder, id), id, row[genre].Trim(), artist >= 0 ? row[artist].Trim() : id));
            }
        }

        return entries.OrderBy(entry => entry.Id, StringComparer.Ordinal).ToList();
    }
}
