using StreamGenre.Training.Data;
using StreamGenre.Training.Distillation;

namespace StreamGenre.Training.Runs;

/// <summary>What a run trains on and what it is measured on.</summary>
/// <param name="Training">The union of all parts, without what is held back.</param>
/// <param name="Validation">Sets by name, never trained on.</param>
internal sealed record RunData(MelSet Training, IReadOnlyList<(string Name, MelSet Set)> Validation)
{
    /// <summary>Name of the validation set that was split off the parts of the training set.</summary>
    public const string HeldBackName = "held back";

    /// <summary>Clips of which only teachers' answers are learnt; null where there are none.</summary>
    public MelSet? Unlabelled { get; init; }

    /// <summary>What a teacher of features hears in every clip of <see cref="Training"/> and <see cref="Unlabelled"/>, as a run fills them; null where none is learnt from.</summary>
    public FeatureTargets? Features { get; init; }

    /// <summary>Reads all parts of a run. A test side that the split has is left where it is: <c>evaluate --side test</c> measures on it.</summary>
    /// <exception cref="TrainingException">A part is missing or unusable.</exception>
    public static async Task<RunData> ReadAsync(TrainingRunOptions options, string cacheFolder, Action<string>? report, CancellationToken cancellation)
    {
        var rule = Splits.Rule(options.SplitBy, options.HoldOutArtists);
        var reader = new DataReader(options.FrontEnd.Mel, cacheFolder, options.Parts with { Rows = options.Split }, report);
        var training = new List<MelSet>();
        var held = new List<MelSet>();
        foreach (var path in options.Data)
        {
            var part = await reader.ReadAsync(path, cancellation);
            if (rule is not null && (options.SplitBy is not null || Directory.Exists(path)))
            {
                var sides = Splits.Apply(part, rule, options.HoldOutSeed, options.Fold);
                training.Add(sides.Training);
                held.Add(sides.Validation);
                report?.Invoke($"{path}: {sides}");
            }
            else
            {
                training.Add(part);
            }
        }

        var validation = new List<(string, MelSet)>();
        foreach (var path in options.Validation)
        {
            validation.Add((Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), await reader.ReadAsync(path, cancellation)));
        }

        var unlabelled = new List<MelSet>();
        foreach (var path in options.TeacherUnlabelled)
        {
            unlabelled.Add(await reader.ReadAsync(path, cancellation));
        }

        reader.CheckGenres();
        if (held.Any(set => set.Clips.Count > 0))
        {
            validation.Add((HeldBackName, MelSet.Union(held)));
        }

        var all = MelSet.Union(training);
        if (all.Labels.Count < 2 && options.Loss != LossKind.MultiLabel)
        {
            throw new TrainingException($"there is one genre alone ({string.Join(", ", all.Labels)}), and nothing to tell it from; name more data, or a folder whose sub-folders are the genres");
        }

        return new RunData(all, validation) { Unlabelled = unlabelled.Count > 0 ? MelSet.Union(unlabelled) : null };
    }
}
