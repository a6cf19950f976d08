namespace StreamGenre.Training.Metrics;

/// <summary>
/// Percentile intervals by drawing whole groups with replacement (Efron and Tibshirani 1993, chapters 8 and 13). A group is an artist where artists are known and
/// a clip otherwise: windows of one clip and songs of one artist err together, and treating them as independent makes intervals too narrow.
/// </summary>
/// <param name="groups">Items of each group.</param>
internal sealed class Bootstrap(IReadOnlyList<IReadOnlyList<int>> groups)
{
    /// <summary>Draws; enough for the ends of a 95 % interval to stand to about a tenth of its width.</summary>
    public const int Draws = 1000;

    // Fixed, so that a report says the same each time.
    private const int Seed = 20_170_614;

    /// <summary>Groups items by a key.</summary>
    public static Bootstrap By(IEnumerable<string> keys) =>
        new([.. keys.Select((key, item) => (key, item)).GroupBy(pair => pair.key, pair => pair.item, StringComparer.Ordinal).Select(group => group.ToList())]);

    /// <summary>The middle 95 % of some measures over the draws; null where a measure is undefined in every draw.</summary>
    /// <param name="measure">From drawn items to measures, always as many.</param>
    public IReadOnlyList<Interval?> Intervals(Func<IReadOnlyList<int>, double?[]> measure)
    {
        var random = new Random(Seed);
        var drawn = new List<double?[]>(Draws);
        var items = new List<int>();
        for (var draw = 0; draw < Draws; draw++)
        {
            items.Clear();
            for (var group = 0; group < groups.Count; group++)
            {
                items.AddRange(groups[random.Next(groups.Count)]);
            }

            drawn.Add(measure(items));
        }

        return [.. Enumerable.Range(0, drawn[0].Length).Select(index => Middle([.. drawn.Select(values => values[index]).OfType<double>().Order()]))];
    }

    private static Interval? Middle(double[] ascending) =>
        ascending.Length == 0 ? null : new Interval(Quantile(ascending, 0.025), Quantile(ascending, 0.975));

    /// <summary>Linear between the neighbours, as numpy's default.</summary>
    private static double Quantile(double[] ascending, double share)
    {
        var place = share * (ascending.Length - 1);
        var low = (int)place;
        var high = Math.Min(low + 1, ascending.Length - 1);
        return ascending[low] + ((place - low) * (ascending[high] - ascending[low]));
    }
}
