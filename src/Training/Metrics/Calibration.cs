using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Metrics;

/// <summary>How far probabilities can be taken at their word (Guo et al. 2017, arXiv:1706.04599).</summary>
internal static class Calibration
{
    /// <summary>What a temperature does to the calibration error of sets, in a line for people.</summary>
    public static string Describe(IReadOnlyList<ScoredSet> sets, double temperature) => FormattableString.Invariant(
        $"temperature {temperature:F3}: calibration error {ExpectedError(sets, 1):F3} -> {ExpectedError(sets, temperature):F3}");

    /// <summary>
    /// The temperature at which windows' mean negative log likelihood is least, by golden-section search over its logarithm between 1/10 and 10,
    /// to a thousandth; 1 where the model gives probabilities.
    /// </summary>
    public static double FitTemperature(params IReadOnlyList<ScoredSet> sets)
    {
        if (sets.All(set => set.Kind != ScoreKind.Logits))
        {
            return 1;
        }

        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(0.1), Math.Log(10));
        var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (atLeft, atRight) = (NegativeLogLikelihood(sets, Math.Exp(left)), NegativeLogLikelihood(sets, Math.Exp(right)));
        while (high - low > 1e-3)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (ratio * (high - low));
                atLeft = NegativeLogLikelihood(sets, Math.Exp(left));
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (ratio * (high - low));
                atRight = NegativeLogLikelihood(sets, Math.Exp(right));
            }
        }

        return Math.Round(Math.Exp((low + high) / 2), 3);
    }

    /// <summary>The windows' mean −ln p(label); of independent probabilities the mean over labels of −ln p(has the label, or not), as the multi-label loss.</summary>
    public static double NegativeLogLikelihood(IReadOnlyList<ScoredSet> sets, double temperature)
    {
        double sum = 0;
        var windows = 0;
        foreach (var set in sets)
        {
            foreach (var clip in set.Clips)
            {
                foreach (var row in set.Rows(clip, temperature))
                {
                    sum += set.Kind == ScoreKind.IndependentProbabilities
                        ? Enumerable.Range(0, row.Length).Average(label => MinusLog(clip.Labels.Contains(label) ? row[label] : 1 - row[label]))
                        : MinusLog(row[clip.Label]);
                    windows++;
                }
            }
        }

        return sum / windows;
    }

    /// <summary>Expected calibration error of all sets' windows over all of the models' labels, as a server gives them; see <see cref="ReliabilityDiagram"/>.</summary>
    public static double ExpectedError(IReadOnlyList<ScoredSet> sets, double temperature)
    {
        var windows = sets.Select(set => Predictions.OfWindows(set, temperature, [.. Enumerable.Range(0, set.Labels.Count)])).ToList();
        return ReliabilityDiagram.Of(new Predictions(
            windows[0].Labels, [.. windows.SelectMany(set => set.Scores)], [.. windows.SelectMany(set => set.Truth)])).ExpectedError;
    }

    /// <summary>
    /// Mean −ln p(label), in nats: 0 for certainty that is right, ln n for indifference among n labels; one confident error weighs much. Of independent
    /// probabilities the mean over all statements, where indifference gets ln 2.
    /// </summary>
    public static double NegativeLogLikelihood(Predictions predictions) => predictions.Relevant is null
        ? predictions.Truth.Select((truth, item) => MinusLog(predictions.Scores[item][truth])).Average()
        : predictions.Statements().Average(statement => MinusLog(statement.IsSo ? statement.Probability : 1 - statement.Probability));

    /// <summary>
    /// Mean Σₖ (pₖ − yₖ)² (Brier 1950, in its first form over all labels), 0..2: calibration and sharpness in one figure. Of independent probabilities the
    /// mean of (p − y)² over all statements, 0..1.
    /// </summary>
    public static double Brier(Predictions predictions) => predictions.Relevant is null
        ? predictions.Truth
            .Select((truth, item) => predictions.Scores[item].Select((p, label) => Math.Pow(p - (label == truth ? 1 : 0), 2)).Sum())
            .Average()
        : predictions.Statements().Average(statement => Math.Pow(statement.Probability - (statement.IsSo ? 1 : 0), 2));

    private static double MinusLog(double probability) => -Math.Log(Math.Max(probability, 1e-12));
}
