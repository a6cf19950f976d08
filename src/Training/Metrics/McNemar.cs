namespace StreamGenre.Training.Metrics;

/// <summary>Two models on the same items (McNemar 1947, in the exact form): only the items on which just one of them is right tell them apart.</summary>
/// <param name="FirstOnly">Items that only the first has right.</param>
/// <param name="SecondOnly">Items that only the second has right.</param>
internal sealed record McNemar(int FirstOnly, int SecondOnly)
{
    /// <summary>
    /// Probability of so uneven a division or a more uneven one if both were equally good: two-sided binomial,
    /// min(1, 2·Σᵢ₌₀..min(b,c) C(b+c, i) / 2^(b+c)); 1 where they never differ. Says nothing of how large the difference is.
    /// </summary>
    public double PValue
    {
        get
        {
            var (n, smaller) = (FirstOnly + SecondOnly, Math.Min(FirstOnly, SecondOnly));
            double sum = 0;

            // ln C(n, i) - n ln 2, by the ratio of neighbours: no factorial overflows.
            var log = -n * Math.Log(2);
            for (var i = 0; i <= smaller; i++)
            {
                sum += Math.Exp(log);
                log += Math.Log(n - i) - Math.Log(i + 1);
            }

            return Math.Min(1, 2 * sum);
        }
    }

    /// <summary>Compares item by item.</summary>
    public static McNemar Of(IReadOnlyList<bool> first, IReadOnlyList<bool> second) => new(
        first.Zip(second).Count(pair => pair.First && !pair.Second), first.Zip(second).Count(pair => !pair.First && pair.Second));
}
