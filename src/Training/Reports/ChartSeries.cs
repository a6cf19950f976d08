namespace StreamGenre.Training.Reports;

/// <summary>A series of a chart.</summary>
/// <param name="Name">For the legend; charts of one series have none.</param>
/// <param name="Points">[x, y]; a y of null is a gap.</param>
/// <param name="Kind"><c>line</c>, <c>area</c> (a line filled down to the axis), <c>points</c> or <c>bar</c>.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<double?[]> Points, string Kind = "line")
{
    /// <summary>A series of some items.</summary>
    public static ChartSeries Of<T>(string name, IEnumerable<T> items, Func<T, double> x, Func<T, double?> y, string kind = "line") =>
        new(name, [.. items.Select(item => new double?[] { Math.Round(x(item), 5), y(item) is { } value ? Math.Round(value, 5) : null })], kind);
}
