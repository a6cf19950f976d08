using StreamGenre.Training.Data;

namespace StreamGenre.Training.Runs;

/// <summary>What a run trains on and what it is measured on.</summary>
/// <param name="Training">The union of all parts, without the artists held back.</param>
/// <param name="Validation">Sets by name, never trained on.</param>
internal sealed record RunData(MelSet Training, IReadOnlyList<(string Name, MelSet Set)> Validation)
{
    /// <summary>Name of the set of recordings by artists held back.</summary>
    public const string HeldBackName = "held-back artists";

    /// <summary>Reads all parts of a run.</summary>
    /// <exception cref="TrainingException">A part is missing or unusable.</exception>
    public static async Task<RunData> ReadAsync(TrainingRunOptions options, string cacheFolder, Action<string>? report, CancellationToken cancellation)
    {
        var mel = options.FrontEnd.Mel;
        var training = new List<MelSet>();
        var held = new List<MelSet>();
        foreach (var path in options.Data)
        {
            var part = await DataPart.ReadAsync(path, options.Split, mel, cacheFolder, report, cancellation);
            if (Directory.Exists(path) && options.HoldOutArtists > 0)
            {
                var (kept, back) = part.HoldOut(options.HoldOutArtists, options.HoldOutSeed, options.Fold);
                training.Add(kept);
                held.Add(back);
                report?.Invoke($"{path}: {back.Clips.Count} recordings by {back.Clips.Select(clip => clip.Group).Distinct().Count()} artists held back");
            }
            else
            {
                training.Add(part);
            }
        }

        var validation = new List<(string, MelSet)>();
        foreach (var path in options.Validation)
        {
            validation.Add((Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), await DataPart.ReadAsync(path, options.Split, mel, cacheFolder, report, cancellation)));
        }

        if (held.Count > 0)
        {
            validation.Add((HeldBackName, MelSet.Union(held)));
        }

        return new RunData(MelSet.Union(training), validation);
    }
}
