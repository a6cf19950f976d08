using StreamGenre.AudioFiles;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>Folders of recordings to sets of clips through the front end that serves, several files at once.</summary>
/// <param name="mel">The front end.</param>
/// <param name="cache">Where frames are kept.</param>
/// <param name="options">What is read of a folder.</param>
/// <param name="report">Told what was recognised, of every file that is skipped, with the reason, and of how many were read; null for nobody.</param>
internal sealed class AudioFolderReader(MelOptions mel, MelCache cache, PartOptions options, Action<string>? report = null)
{
    // Files read from one word of progress to the next, where so many are decoded that one wonders.
    private const int ReportEvery = 500;

    private readonly Lock _reporting = new();

    /// <summary>All genres of the folders read so far, wanted or not.</summary>
    public HashSet<string> GenresSeen { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a folder; what can't be decoded or is too short is reported and left out.</summary>
    /// <exception cref="TrainingException">The folder is unusable, every file of a genre was skipped, or FFmpeg is missing.</exception>
    public async Task<MelSet> ReadAsync(string folder, CancellationToken cancellation)
    {
        var listing = AudioFolder.List(folder, options);
        GenresSeen.UnionWith(listing.Entries.SelectMany(entry => entry.Genres));
        var entries = listing.Entries
            .Select(entry => entry with { Genres = entry.Genres.Where(options.Takes).ToList() })
            .Where(entry => entry.Genres.Count > 0)
            .ToList();
        Report($"{folder}: {listing}{(entries.Count < listing.Entries.Count ? $"; {entries.Count} of the genres asked for" : "")}");
        if (entries.Count == 0)
        {
            throw new TrainingException(
                $"{folder} has no recording of the genres asked for; it has {string.Join(", ", listing.Entries.SelectMany(entry => entry.Genres).Distinct().Order(StringComparer.Ordinal))}");
        }

        var (frames, skipped) = await ReadAsync(entries, folder, cancellation);
        return Set(folder, entries, frames, skipped);
    }

    private async Task<(IMelFrames?[] Frames, string?[] Skipped)> ReadAsync(List<AudioEntry> entries, string folder, CancellationToken cancellation)
    {
        var frames = new IMelFrames?[entries.Count];
        var skipped = new string?[entries.Count];
        int decoded = 0, done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        await Parallel.ForAsync(0, entries.Count, parallel, async (i, token) =>
        {
            (frames[i], skipped[i], var fresh) = await ReadFileAsync(entries[i].Path, token);
            Interlocked.Add(ref decoded, fresh ? 1 : 0);
            if (skipped[i] is { } reason)
            {
                Report($"skipped {entries[i].Id}: {reason}");
            }

            if (Interlocked.Increment(ref done) % ReportEvery == 0 && decoded > 0)
            {
                Report($"{folder}: {done} of {entries.Count} recordings");
            }
        });

        var read = frames.Count(cells => cells is not null);
        Report($"{folder}: {read} recordings ({decoded} decoded, {read - decoded} from the cache, {entries.Count - read} skipped)");
        return (frames, skipped);
    }

    private MelSet Set(string folder, List<AudioEntry> entries, IMelFrames?[] frames, string?[] skipped)
    {
        var read = Enumerable.Range(0, entries.Count).Where(i => frames[i] is not null).ToList();
        var labels = read.SelectMany(i => entries[i].Genres).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var lost = entries.SelectMany(entry => entry.Genres).Distinct(StringComparer.Ordinal).Except(labels, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (lost.Count > 0 && (!options.AllGenres || read.Count == 0))
        {
            var first = Enumerable.Range(0, entries.Count).First(i => entries[i].Genres.Contains(lost[0]));
            throw new TrainingException(
                $"every recording of {string.Join(", ", lost)} in {folder} was skipped ({entries[first].Id}: {skipped[first]}); put good ones in their place, or leave the genre out with --without");
        }

        // Of FMA's 161 genres some have one track or two.
        if (lost.Count > 0)
        {
            Report($"{folder}: no recording of {string.Join(", ", lost)} could be read");
        }

        var places = labels.Select((label, place) => (label, place)).ToDictionary(StringComparer.Ordinal);
        return new MelSet(labels, read.Select(i => Clip(entries[i], frames[i]!, places)).ToList());
    }

    private static MelClip Clip(AudioEntry entry, IMelFrames frames, Dictionary<string, int> labels) =>
        new(entry.Id, entry.Genres.Select(genre => labels[genre]).ToList(), entry.Artist ?? entry.Id, frames) { Split = entry.Split };

    /// <summary>A file's frames, or why it is skipped; and whether it was decoded now.</summary>
    private async Task<(IMelFrames? Frames, string? Skipped, bool Fresh)> ReadFileAsync(string path, CancellationToken cancellation)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return (null, "the file doesn't exist", false);
        }

        if (cache.Read(file, mel, options.Speed) is { } cached)
        {
            return LongEnough(cached, fresh: false);
        }

        float[] frames;
        try
        {
            frames = await RecordingFrontEnd.ReadAsync(path, mel, options.Speed, cancellation);
        }
        catch (AudioSourceException error) when (error.IsDecoderMissing)
        {
            throw new TrainingException(error.Message, error);
        }
        catch (Exception error) when (error is AudioSourceException or IOException or UnauthorizedAccessException)
        {
            return (null, error.Message.Replace(path + ": ", "", StringComparison.Ordinal), false);
        }

        // Not within the above: a full disk is no reason to train on less.
        return LongEnough(cache.Write(file, mel, frames, options.Speed), fresh: true);
    }

    private (IMelFrames? Frames, string? Skipped, bool Fresh) LongEnough(IMelFrames frames, bool fresh) => frames.Count >= MelSet.LeastFrames(mel)
        ? (frames, null, fresh)
        : (null, $"it is too short: {frames.Count} frames, where the server answers from {MelSet.LeastFrames(mel)} on", false);

    private void Report(string line)
    {
        lock (_reporting)
        {
            report?.Invoke(line);
        }
    }
}
