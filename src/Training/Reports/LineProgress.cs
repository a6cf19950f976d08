using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Reports;

/// <summary>Plain lines, one an epoch, for logs and pipes.</summary>
/// <param name="output">Where they go.</param>
internal sealed class LineProgress(TextWriter output) : ITrainingProgress
{
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public void Note(string text)
    {
        lock (_lock)
        {
            output.WriteLine(text);
        }
    }

    /// <inheritdoc/>
    public void Step(int step, int steps, double loss, double accuracy)
    {
    }

    /// <inheritdoc/>
    public void Epoch(EpochMetrics metrics, int epochs) => Note(Line(metrics, epochs));

    /// <summary>An epoch in one line.</summary>
    internal static string Line(EpochMetrics metrics, int epochs)
    {
        var left = TimeSpan.FromSeconds(metrics.ElapsedSeconds / metrics.Epoch * (epochs - metrics.Epoch));
        var sets = string.Concat(metrics.Validation.Select(set =>
            $" | {set.Set}: clips {set.ClipAccuracy:F3}, windows {set.WindowAccuracy:F3}, rolling {set.RollingAccuracy:F3}"));
        return $"epoch {metrics.Epoch}/{epochs}  loss {metrics.Loss:F3}  accuracy {metrics.Accuracy:F3}  {left:m\\:ss} left{sets}";
    }
}
