namespace StreamGenre.Training.Metrics;

/// <summary>Where a figure would lie on other clips of the same kind, at 95 % confidence.</summary>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
internal sealed record Interval(double Low, double High)
{
    // Two-sided 95 % of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>
    /// Wilson's score interval of a share (Wilson 1927): (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). Keeps inside 0..1 and holds for few items,
    /// as long as these are independent.
    /// </summary>
    public static Interval Wilson(int right, int items)
    {
        var (p, n) = ((double)right / items, (double)items);
        var (center, half) = (p + (Z * Z / (2 * n)), Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))));
        var scale = 1 + (Z * Z / n);
        return new Interval(Math.Max(0, (center - half) / scale), Math.Min(1, (center + half) / scale));
    }
}
