using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Runs;

/// <summary>How a run's model does on one validation set; a line's part in metrics.jsonl.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Clips">Clips scored.</param>
/// <param name="ClipAccuracy">Over the set's labels.</param>
/// <param name="WindowAccuracy">Over the set's labels.</param>
/// <param name="Loss">Windows' mean negative log likelihood over all labels, in nats; of a multi-label run the mean of each label's.</param>
/// <param name="RollingAccuracy">Share of clips whose final rolling top genre, over all labels, is theirs.</param>
internal sealed record SetMetrics(string Set, int Clips, double ClipAccuracy, double WindowAccuracy, double Loss, double RollingAccuracy)
{
    /// <summary>Measures a scored set.</summary>
    public static SetMetrics Of(string name, ScoredSet scored, double temperature)
    {
        var evaluation = Evaluation.Of(scored, temperature, scored.SetLabels);
        return new SetMetrics(
            name,
            evaluation.Clips,
            evaluation.ClipAccuracy,
            evaluation.WindowAccuracy,
            Calibration.NegativeLogLikelihood([scored], temperature),
            RollingVerdict.Of(scored, temperature).Average(verdict => verdict.Label == verdict.Heard ? 1.0 : 0.0));
    }
}
