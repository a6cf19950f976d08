using StreamGenre.AudioFiles;

namespace StreamGenre.Training.Data;

/// <summary>What lies in a folder of audio: the forms that name their genres by folders, and the choice among all forms.</summary>
internal static class AudioFolder
{
    // Where GTZAN's ten folders lie in the copies that go round: the original archive, Kaggle's, and either without its outer folder.
    private static readonly string[] GtzanRoots = ["genres", "genres_original", Path.Combine("Data", "genres_original"), "."];

    /// <summary>The recordings in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Its form and which genres are wanted.</param>
    /// <exception cref="TrainingException">There is no such folder, it has not the form that was asked for, or nothing is left in it.</exception>
    public static AudioListing List(string folder, PartOptions options)
    {
        if (!Directory.Exists(folder))
        {
            throw new TrainingException($"there is no folder {folder}");
        }

        var listing = options.Layout switch
        {
            DataLayout.Auto => FmaFolder.TryList(folder, options.AllGenres) ?? AudioIndex.TryList(folder, options.AllGenres) ?? TryGtzan(folder) ?? TryFolders(folder),
            DataLayout.Fma => FmaFolder.TryList(folder, options.AllGenres) ?? throw Lacks(folder, "fma_metadata/tracks.csv and a folder fma_small, fma_medium, fma_large or fma_full"),
            DataLayout.Index => AudioIndex.TryList(folder, options.AllGenres) ?? throw Lacks(folder, AudioIndex.FileName),
            DataLayout.Gtzan => TryGtzan(folder) ?? throw Lacks(folder, "genres/blues/blues.00000.au, or genres_original/blues/blues.00000.wav"),
            _ => TryFolders(folder),
        };
        if (listing is null || listing.Entries.Count == 0)
        {
            throw new TrainingException($"{folder} holds no audio; put recordings in one sub-folder a genre, or name them in {AudioIndex.FileName}");
        }

        return Rows(folder, listing, options.Rows);
    }

    private static AudioListing Rows(string folder, AudioListing listing, string? rows)
    {
        if (rows is null)
        {
            return listing;
        }

        var entries = listing.Entries.Where(entry => entry.Split == rows).ToList();
        return entries.Count > 0
            ? listing with { Entries = entries }
            : throw new TrainingException(
                $"{folder} has no split '{rows}': {string.Join(", ", listing.Entries.Select(entry => entry.Split ?? "none").Distinct(StringComparer.Ordinal))}");
    }

    private static AudioListing? TryGtzan(string folder)
    {
        static bool IsNumbered(string genre, string path) =>
            Path.GetFileNameWithoutExtension(path) is var name
            && name.StartsWith(genre + ".", StringComparison.Ordinal)
            && name.Length == genre.Length + 6
            && name.AsSpan(genre.Length + 1).ContainsAnyExceptInRange('0', '9') is false;

        foreach (var root in GtzanRoots.Select(root => Path.Combine(folder, root)).Where(Directory.Exists))
        {
            var files = GenreFiles(root, deep: false).ToList();
            var entries = files
                .Where(file => IsNumbered(file.Genre, file.Path))
                .Select(file => new AudioEntry(file.Path, Path.GetFileNameWithoutExtension(file.Path), [file.Genre]))
                .ToList();
            if (entries.Count > 0)
            {
                return new AudioListing("GTZAN", entries) { Unnumbered = files.Count - entries.Count };
            }
        }

        return null;
    }

    private static AudioListing? TryFolders(string folder)
    {
        var entries = GenreFiles(folder, deep: true).Select(file =>
        {
            // Of rock/Artist/Album/song.mp3 the first folder under the genre, artist or album: what lies in it stays on one side of a split.
            var parts = Path.GetRelativePath(Path.Combine(folder, file.Genre), file.Path).Split(Path.DirectorySeparatorChar);
            return new AudioEntry(file.Path, $"{file.Genre}/{string.Join('/', parts)}", [file.Genre]) { Artist = parts.Length > 1 ? parts[0] : null };
        }).ToList();
        return entries.Count > 0 ? new AudioListing("genre folders", entries) : null;
    }

    private static IEnumerable<(string Genre, string Path)> GenreFiles(string folder, bool deep)
    {
        // Hidden ones are other systems' marks, such as ._song.mp3.
        var files = new EnumerationOptions { RecurseSubdirectories = deep, IgnoreInaccessible = false };
        return Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { IgnoreInaccessible = false })
            .Order(StringComparer.Ordinal)
            .SelectMany(genre => Directory.EnumerateFiles(genre, "*", files).Where(AudioFile.IsAudio).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(genre), path)));
    }

    private static TrainingException Lacks(string folder, string what) => new($"{folder} lacks {what}; leave out --layout to take what lies there");
}
