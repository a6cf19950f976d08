namespace StreamGenre.Training.Metrics;

/// <summary>From logits to probabilities and on.</summary>
internal static class Probabilities
{
    /// <summary>softmax(logits / temperature) of one row.</summary>
    public static double[] Softmax(ReadOnlySpan<float> logits, double temperature)
    {
        var result = new double[logits.Length];
        var largest = double.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit / temperature);
        }

        double sum = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Math.Exp((logits[i] / temperature) - largest);
            sum += result[i];
        }

        for (var i = 0; i < result.Length; i++)
        {
            result[i] /= sum;
        }

        return result;
    }

    /// <summary>The mean over rows.</summary>
    public static double[] Mean(IReadOnlyList<double[]> rows)
    {
        var mean = new double[rows[0].Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += row[i] / rows.Count;
            }
        }

        return mean;
    }

    /// <summary>Which of some labels scores highest; the first of equals.</summary>
    public static int Top(IReadOnlyList<double> scores, IEnumerable<int> among) => among.MaxBy(label => scores[label]);
}
