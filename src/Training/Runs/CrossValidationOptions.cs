namespace StreamGenre.Training.Runs;

/// <summary>Everything that decides a cross-validation; written to its folder as cross-validation.json.</summary>
internal sealed record CrossValidationOptions
{
    /// <summary>What each fold trains with.</summary>
    public required TrainingRunOptions Training { get; init; }

    /// <summary>Blocks; each is held back once.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>
    /// Whether a part whose artists are unknown stays whole: its recordings may share artists, so they must not be parted, but two such parts whose makers
    /// kept the artists apart may stand against each other.
    /// </summary>
    public bool WholeParts { get; init; }

    /// <summary>Working folder it was begun in, from which the parts' paths are taken.</summary>
    public string WorkingFolder { get; init; } = Environment.CurrentDirectory;

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = Training.Errors().ToList();
        if (Folds < 2)
        {
            errors.Add($"folds is {Folds}; it must be at least 2");
        }

        if (Training.Validation.Count > 0)
        {
            errors.Add("a cross-validation measures on what each fold holds back; leave out --validate, or make it a part with --data");
        }

        return errors;
    }
}
