using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>The parts of a data set as they are named on the command line: an npz of mels, or a folder of audio.</summary>
/// <param name="mel">The front end that folders of audio go through; an npz must have as many mel bands.</param>
/// <param name="cacheFolder">Where frames of audio are kept.</param>
/// <param name="options">What of the parts is read.</param>
/// <param name="report">Told what was recognised, read and skipped; null for nobody.</param>
internal sealed class DataReader(MelOptions mel, string cacheFolder, PartOptions options, Action<string>? report = null)
{
    private readonly AudioFolderReader _folders = new(mel, new MelCache(cacheFolder), options, report);

    /// <summary>Whether a part holds mels already made, in the default front end, and not audio.</summary>
    public static bool IsStoredMels(string path) => Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a part.</summary>
    /// <param name="path">An <c>.npz</c> file or a folder.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TrainingException">The part is missing or unusable.</exception>
    public async Task<MelSet> ReadAsync(string path, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            return await _folders.ReadAsync(path, cancellation);
        }

        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no file or folder {path}; --data takes an npz of mels or a folder of audio");
        }

        if (mel.Wavelet is not null)
        {
            throw new TrainingException($"{path} holds mels alone, and the network hears wavelet bands too, which only audio gives; name a folder of audio");
        }

        var all = MelNpz.Read(path);
        if (all.Clips.Count > 0 && all.Clips[0].MelBins != mel.MelBins)
        {
            throw new TrainingException($"{path} has {all.Clips[0].MelBins} mel bands; the front end has {mel.MelBins}");
        }

        _folders.GenresSeen.UnionWith(all.Labels);
        var set = all.Only(options.Takes);
        if (set.Clips.Count == 0)
        {
            throw new TrainingException($"{path} has no clip of the genres asked for; it has {string.Join(", ", all.Labels)}");
        }

        report?.Invoke($"{path}: npz of mels, {set.Clips.Count} clips of {set.Labels.Count} genres");
        return set;
    }

    /// <summary>To be asked once all parts are read: a genre that was asked for, or left out, must be in one of them.</summary>
    /// <exception cref="TrainingException">It is in none; most likely it is misspelt.</exception>
    public void CheckGenres()
    {
        var unknown = options.Genres.Concat(options.Without).Except(_folders.GenresSeen, StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new TrainingException($"no part has the genre {string.Join(", ", unknown)}; there are {string.Join(", ", _folders.GenresSeen.Order(StringComparer.Ordinal))}");
        }
    }
}
