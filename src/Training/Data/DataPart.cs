using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>One part of a data set as it is named on the command line: an npz of mels, or a folder of audio.</summary>
internal static class DataPart
{
    /// <summary>Whether a part holds mels already made, in the default front end, and not audio.</summary>
    public static bool IsStoredMels(string path) => Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a part.</summary>
    /// <param name="path">An <c>.npz</c> file or a folder.</param>
    /// <param name="split">Only this split of a folder's index; null for all.</param>
    /// <param name="mel">The front end that folders of audio go through; an npz must have as many mel bands.</param>
    /// <param name="cacheFolder">Where mel frames of audio are kept.</param>
    /// <param name="report">Told what was read and what was skipped.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TrainingException">The part is missing or unusable.</exception>
    public static async Task<MelSet> ReadAsync(
        string path, string? split, MelOptions mel, string cacheFolder, Action<string>? report, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            return await new AudioFolderReader(mel, new MelCache(cacheFolder), report).ReadAsync(path, split, cancellation);
        }

        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no file or folder {path}; --data takes an npz of mels or a folder of audio");
        }

        var set = MelNpz.Read(path);
        if (set.Clips.Count > 0 && set.Clips[0].MelBins != mel.MelBins)
        {
            throw new TrainingException($"{path} has {set.Clips[0].MelBins} mel bands; the front end has {mel.MelBins}");
        }

        report?.Invoke($"{path}: {set.Clips.Count} clips of {set.Labels.Count} genres");
        return set;
    }
}
