namespace StreamGenre.Training.Data;

/// <summary>The split that a data set was published with: FMA's column <c>split</c>, or that of an <c>index.csv</c>.</summary>
internal sealed record OfficialSplit : SplitRule
{
    /// <inheritdoc/>
    public override IReadOnlyList<SplitSide?> Sides(MelSet set, int seed, int fold) => set.Clips.All(clip => clip.Split is null)
        ? throw new TrainingException("the data set has no split of its own; split it by artist:..., random:... or lists:FOLDER")
        : set.Clips.Select(clip => clip.Split is { } word ? Side(word) : (SplitSide?)null).ToList();

    private static SplitSide Side(string word) => word.ToUpperInvariant() switch
    {
        "TRAIN" or "TRAINING" => SplitSide.Training,
        "VALID" or "VALIDATION" or "VAL" => SplitSide.Validation,
        "TEST" or "TESTING" => SplitSide.Test,
        _ => throw new TrainingException($"the data set's own split says '{word}'; training, validation and test are understood (pick rows of other words with --split)"),
    };
}
