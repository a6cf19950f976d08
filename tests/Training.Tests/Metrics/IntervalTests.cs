using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

public class IntervalTests
{
    [Fact]
    public void Wilson_AnyShare_IsSciPys() => Assert.All(MetricsGolden.Values.GetProperty("wilson").EnumerateArray(), row =>
    {
        var interval = Interval.Wilson(row[0].GetInt32(), row[1].GetInt32());
        Assert.Equal(row[2].GetDouble(), interval.Low, 1e-9);
        Assert.Equal(row[3].GetDouble(), interval.High, 1e-9);
    });

    [Fact]
    public void McNemar_AnyDivision_IsSciPysBinomialTest() => Assert.All(
        MetricsGolden.Values.GetProperty("mcnemar").EnumerateArray(),
        row => Assert.Equal(row[2].GetDouble(), new McNemar(row[0].GetInt32(), row[1].GetInt32()).PValue, 1e-9));

    [Fact]
    public void McNemar_ModelsThatNeverDiffer_TellsNothing()
    {
        var same = McNemar.Of([true, false, true], [true, false, true]);

        Assert.Equal((0, 0, 1.0), (same.FirstOnly, same.SecondOnly, same.PValue));
        Assert.Equal(new McNemar(1, 2), McNemar.Of([true, true, false, false], [false, true, true, true]));
    }

    [Fact]
    public void Bootstrap_IndependentItems_AgreesWithWilson()
    {
        var right = Enumerable.Range(0, 200).Select(i => i % 5 < 3).ToArray();
        var wilson = Interval.Wilson(120, 200);

        var drawn = Bootstrap.By(right.Select((_, i) => $"clip{i}")).Intervals(items => [items.Average(item => right[item] ? 1.0 : 0.0)])[0]!;

        Assert.Equal(wilson.Low, drawn.Low, 0.01);
        Assert.Equal(wilson.High, drawn.High, 0.01);
    }

    [Fact]
    public void Bootstrap_ItemsOfOneGroupAlike_IsAsWideAsTheGroupsAreFew()
    {
        // 200 items, but only ten independent ones: an interval of items would be a third as wide.
        var right = Enumerable.Range(0, 200).Select(i => i / 20 % 2 == 0).ToArray();
        Func<IReadOnlyList<int>, double?[]> accuracy = items => [items.Average(item => right[item] ? 1.0 : 0.0)];

        var groups = Bootstrap.By(right.Select((_, i) => $"artist{i / 20}")).Intervals(accuracy)[0]!;
        var items = Bootstrap.By(right.Select((_, i) => $"clip{i}")).Intervals(accuracy)[0]!;

        Assert.InRange((groups.High - groups.Low) / (items.High - items.Low), 3.5, 5.5);
    }

    [Fact]
    public void Bootstrap_MeasureNeverDefined_GivesNoInterval() =>
        Assert.Equal([null], Bootstrap.By(["a", "b"]).Intervals(_ => [null]));
}
