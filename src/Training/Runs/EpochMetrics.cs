using System.Text.Json.Serialization;

namespace StreamGenre.Training.Runs;

/// <summary>One epoch; a line of metrics.jsonl.</summary>
/// <param name="Epoch">1 and up.</param>
/// <param name="Loss">Mean cross entropy over the epoch's mixed, smoothed targets, in nats.</param>
/// <param name="Accuracy">Share of the epoch's windows whose heaviest target scored highest, 0..1.</param>
/// <param name="LearningRate">Of the epoch's last step.</param>
/// <param name="ElapsedSeconds">Working time since the run's start.</param>
/// <param name="Validation">The averaged weights on the validation sets; empty where the epoch didn't look.</param>
internal sealed record EpochMetrics(
    int Epoch, double Loss, double Accuracy, double LearningRate, double ElapsedSeconds, IReadOnlyList<SetMetrics> Validation)
{
    /// <summary>Mean over the validation sets of the windows' negative log likelihood, in nats; what early stopping watches.</summary>
    [JsonIgnore]
    public double ValidationLoss => Validation.Average(set => set.Loss);
}
