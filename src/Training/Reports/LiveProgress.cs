using Spectre.Console;

using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Reports;

/// <summary>A bar with loss, accuracy and the time left, and a line for each epoch that looked at the validation sets.</summary>
/// <param name="console">The terminal.</param>
/// <param name="task">The bar.</param>
internal sealed class LiveProgress(IAnsiConsole console, ProgressTask task) : ITrainingProgress
{
    /// <summary>Runs work under a live bar.</summary>
    public static Task<T> RunAsync<T>(IAnsiConsole console, Func<ITrainingProgress, Task<T>> work) => console.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(context => work(new LiveProgress(console, context.AddTask("reading data"))));

    /// <inheritdoc/>
    public void Note(string text) => console.MarkupLineInterpolated($"[grey]{text}[/]");

    /// <inheritdoc/>
    public void Step(int step, int steps, double loss, double accuracy)
    {
        task.MaxValue = steps;
        task.Value = step;
        task.Description = $"loss {loss:F3}  accuracy {accuracy:F3}";
    }

    /// <inheritdoc/>
    public void Epoch(EpochMetrics metrics, int epochs)
    {
        if (metrics.Validation.Count > 0)
        {
            console.WriteLine(LineProgress.Line(metrics, epochs));
        }
    }
}
