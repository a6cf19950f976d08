namespace StreamGenre.Stages.Smoothing;

/// <summary>How the window scores of the last seconds become rolling scores.</summary>
public enum SmoothingMode
{
    /// <summary>The mean over the windows that end in the last <see cref="SmoothingOptions.Window"/>.</summary>
    Mean,

    /// <summary>An exponentially weighted mean, its time constant a third of <see cref="SmoothingOptions.Window"/> in audio time.</summary>
    Exponential,

    /// <summary>The mean of the log probabilities over the same windows as the mean's, made to sum to one again (normalised geometric mean).</summary>
    LogMean,
}

/// <summary>How window scores become rolling scores.</summary>
public sealed record SmoothingOptions
{
    /// <summary>Shortest span.</summary>
    public static readonly TimeSpan MinWindow = TimeSpan.FromSeconds(1);

    /// <summary>Longest span.</summary>
    public static readonly TimeSpan MaxWindow = TimeSpan.FromSeconds(600);

    /// <summary>The rule; <see cref="SmoothingMode.Mean"/>.</summary>
    public SmoothingMode Mode { get; init; } = SmoothingMode.Mean;

    /// <summary>The span of audio that the rolling scores look back on, 1..600 s; 30 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (!Enum.IsDefined(Mode))
        {
            errors.Add($"smoothing.mode is {(int)Mode}; it must be mean, exponential or log_mean");
        }

        if (Window < MinWindow || Window > MaxWindow)
        {
            errors.Add($"smoothing.window is {Window.TotalSeconds:0.###} s; it must be {MinWindow.TotalSeconds}..{MaxWindow.TotalSeconds} s");
        }

        return errors;
    }
}
