namespace StreamGenre.Training.Metrics;

/// <summary>
/// Items in the order of a score, each of them relevant or not: what precision-recall and ROC curves and their areas are read from. Items of equal score
/// stand or fall together, as in scikit-learn.
/// </summary>
internal sealed class BinaryRanking
{
    private readonly bool[] _ordered;
    private readonly double[] _thresholds;
    private readonly int[] _above;
    private readonly int[] _found;

    private BinaryRanking(bool[] ordered, double[] thresholds, int[] above, int[] found, int positives) =>
        (_ordered, _thresholds, _above, _found, Positives) = (ordered, thresholds, above, found, positives);

    /// <summary>Relevant items.</summary>
    public int Positives { get; }

    /// <summary>Items that are not.</summary>
    public int Negatives => _ordered.Length - Positives;

    /// <summary>
    /// Average precision AP = Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds from the highest down, without interpolation (scikit-learn's
    /// average_precision_score; Zhu 2004), 0..1. A ranking by chance gets the share of the relevant. Null where nothing is relevant.
    /// </summary>
    public double? AveragePrecision
    {
        get
        {
            if (Positives == 0)
            {
                return null;
            }

            double sum = 0;
            for (var i = 0; i < _found.Length; i++)
            {
                sum += (double)(_found[i] - (i == 0 ? 0 : _found[i - 1])) / Positives * _found[i] / _above[i];
            }

            return sum;
        }
    }

    /// <summary>
    /// Area under the ROC curve by trapezoids: the probability that a relevant item scores higher than another, equals counting half (Mann-Whitney's U
    /// over its maximum; Fawcett 2006), 0..1, chance 0.5. Null where all or none is relevant.
    /// </summary>
    public double? RocArea
    {
        get
        {
            if (Positives == 0 || Negatives == 0)
            {
                return null;
            }

            double area = 0;
            var (found, wrong) = (0, 0);
            for (var i = 0; i < _found.Length; i++)
            {
                var wrongNow = _above[i] - _found[i];
                area += (wrongNow - wrong) * ((_found[i] + found) / 2.0);
                (found, wrong) = (_found[i], wrongNow);
            }

            return area / Positives / Negatives;
        }
    }

    /// <summary>Ranks items.</summary>
    public static BinaryRanking Of(double[] scores, bool[] relevant)
    {
        if (relevant.Length != scores.Length)
        {
            throw new ArgumentException($"{relevant.Length} items are told relevant or not, but {scores.Length} have scores", nameof(relevant));
        }

        var order = Enumerable.Range(0, scores.Length).ToArray();

        // Array.Sort is not stable: the index decides among equals, so that figures repeat.
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]) is var difference and not 0 ? difference : a - b);
        var (thresholds, above, found) = (new List<double>(), new List<int>(), new List<int>());
        var ordered = new bool[order.Length];
        var positives = 0;
        for (var i = 0; i < order.Length; i++)
        {
            ordered[i] = relevant[order[i]];
            positives += ordered[i] ? 1 : 0;
            if (i + 1 == order.Length || scores[order[i + 1]] != scores[order[i]])
            {
                thresholds.Add(scores[order[i]]);
                above.Add(i + 1);
                found.Add(positives);
            }
        }

        return new BinaryRanking(ordered, [.. thresholds], [.. above], [.. found], positives);
    }

    /// <summary>
    /// Average precision at <paramref name="k"/>: AP@k = 1/min(k, R) · Σᵢ₌₁..ₖ rel(i) · P(i), with R relevant items, rel(i) 1 where the i-th ranked item is
    /// relevant and P(i) the share of the relevant among the first i (Manning, Raghavan and Schütze 2008, section 8.4, cut off at k as in music
    /// tagging and retrieval; 1 where the first min(k, R) are all relevant). Null where nothing is relevant.
    /// </summary>
    public double? AveragePrecisionAt(int k)
    {
        if (Positives == 0)
        {
            return null;
        }

        double sum = 0;
        var found = 0;
        for (var i = 0; i < Math.Min(k, _ordered.Length); i++)
        {
            if (_ordered[i])
            {
                found++;
                sum += (double)found / (i + 1);
            }
        }

        return sum / Math.Min(k, Positives);
    }

    /// <summary>
    /// Precision-recall curve from the highest threshold down; at each, items scoring at least as high count as found. Begins at recall 0 with the first
    /// threshold's precision. Empty where nothing is relevant.
    /// </summary>
    public IReadOnlyList<PrecisionRecallPoint> PrecisionRecallCurve()
    {
        if (Positives == 0)
        {
            return [];
        }

        var points = new List<PrecisionRecallPoint>(_found.Length + 1) { new(0, (double)_found[0] / _above[0], _thresholds[0]) };
        for (var i = 0; i < _found.Length; i++)
        {
            points.Add(new PrecisionRecallPoint((double)_found[i] / Positives, (double)_found[i] / _above[i], _thresholds[i]));
            if (_found[i] == Positives)
            {
                // Lower thresholds find nothing more.
                break;
            }
        }

        return points;
    }
}
