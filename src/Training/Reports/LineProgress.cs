using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Reports;

/// <summary>Plain lines for logs and pipes: one an epoch, and one a minute while an epoch takes longer.</summary>
/// <param name="output">Where they go.</param>
/// <param name="time">Tells the minutes.</param>
internal sealed class LineProgress(TextWriter output, TimeProvider time) : ITrainingProgress
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long _lastLine = time.GetTimestamp();
    private (long Time, int Steps)? _first;

    /// <inheritdoc/>
    public void Note(string text)
    {
        lock (_lock)
        {
            output.WriteLine(text);
            _lastLine = time.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Step(int step, int steps, double loss, double accuracy)
    {
        _first ??= (time.GetTimestamp(), step);
        if (time.GetElapsedTime(_lastLine) >= Pause && step > _first.Value.Steps)
        {
            var left = time.GetElapsedTime(_first.Value.Time) / (step - _first.Value.Steps) * (steps - step);
            Note($"step {step}/{steps}  loss {loss:F3}  accuracy {accuracy:F3}  {Text(left)} left");
        }
    }

    /// <inheritdoc/>
    public void Epoch(EpochMetrics metrics, int epochs) => Note(Line(metrics, epochs));

    /// <summary>An epoch in one line.</summary>
    internal static string Line(EpochMetrics metrics, int epochs)
    {
        var left = TimeSpan.FromSeconds(metrics.ElapsedSeconds / metrics.Epoch * (epochs - metrics.Epoch));
        var sets = string.Concat(metrics.Validation.Select(set =>
            $" | {set.Set}: clips {set.ClipAccuracy:F3}, windows {set.WindowAccuracy:F3}, rolling {set.RollingAccuracy:F3}"));
        return $"epoch {metrics.Epoch}/{epochs}  loss {metrics.Loss:F3}  accuracy {metrics.Accuracy:F3}  {Text(left)} left{sets}";
    }

    /// <summary>A time as it is said to be left: minutes and seconds, from an hour on hours too.</summary>
    internal static string Text(TimeSpan time) => time < TimeSpan.FromHours(1) ? $"{time:m\\:ss}" : $"{(int)time.TotalHours}:{time:mm\\:ss}";
}
