namespace StreamGenre.Training.Metrics;

/// <summary>How far probabilities can be taken at their word (Guo et al. 2017, arXiv:1706.04599).</summary>
internal static class Calibration
{
    private const int Bins = 15;

    /// <summary>
    /// The temperature at which windows' mean negative log likelihood is least, by golden-section search over its logarithm between 1/10 and 10,
    /// to a thousandth.
    /// </summary>
    public static double FitTemperature(params IReadOnlyList<ScoredSet> sets)
    {
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

    /// <summary>The windows' mean −ln p(label).</summary>
    public static double NegativeLogLikelihood(IReadOnlyList<ScoredSet> sets, double temperature)
    {
        double sum = 0;
        var windows = 0;
        foreach (var set in sets)
        {
            foreach (var clip in set.Clips)
            {
                foreach (var row in Evaluation.Rows(clip, set.Labels.Count, temperature))
                {
                    sum -= Math.Log(Math.Max(row[clip.Label], 1e-12));
                    windows++;
                }
            }
        }

        return sum / windows;
    }

    /// <summary>
    /// Expected calibration error of windows: over 15 even bins of the highest probability, the mean distance of confidence and accuracy, weighted by
    /// the bins' windows; 0..1.
    /// </summary>
    public static double ExpectedError(IReadOnlyList<ScoredSet> sets, double temperature)
    {
        var (counts, confidences, right) = (new int[Bins], new double[Bins], new int[Bins]);
        foreach (var set in sets)
        {
            foreach (var clip in set.Clips)
            {
                foreach (var row in Evaluation.Rows(clip, set.Labels.Count, temperature))
                {
                    var top = Probabilities.Top(row, Enumerable.Range(0, row.Length));
                    var bin = Math.Min(Bins - 1, (int)(row[top] * Bins));
                    counts[bin]++;
                    confidences[bin] += row[top];
                    right[bin] += top == clip.Label ? 1 : 0;
                }
            }
        }

        return Enumerable.Range(0, Bins).Sum(bin => Math.Abs(confidences[bin] - right[bin])) / counts.Sum();
    }
}
