namespace StreamGenre.Training.Runs;

/// <summary>How far a run has come: with the session's state, all that the rest of the run depends on.</summary>
internal sealed record RunProgress
{
    /// <summary>Steps taken.</summary>
    public int Steps { get; init; }

    /// <summary>Sum of the losses of the steps taken of the epoch that has begun.</summary>
    public double LossSum { get; init; }

    /// <summary>Sum of these steps' accuracies.</summary>
    public double AccuracySum { get; init; }

    /// <summary>Working time so far; time between an interruption and the resumption doesn't count.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>The whole epochs so far.</summary>
    public IReadOnlyList<EpochMetrics> Epochs { get; init; } = [];

    /// <summary>The epoch with the least validation loss, where the run stops early; 0 before the first look.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Whether training has ended; what may be left is the export.</summary>
    public bool Finished { get; init; }

    /// <summary>What the exported weights' logits are divided by; 1 until it is fitted at the end.</summary>
    public double Temperature { get; init; } = 1;
}
