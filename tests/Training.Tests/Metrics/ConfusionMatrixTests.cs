using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

public class ConfusionMatrixTests
{
    [Fact]
    public void Of_GoldenItems_CountsAsScikitLearn()
    {
        var matrix = ConfusionMatrix.Of(MetricsGolden.Scored);

        var expected = MetricsGolden.Values.GetProperty("confusion").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal(expected, matrix.Counts.Cast<int>());
        Assert.Equal(MetricsGolden.Values.GetProperty("accuracy").GetDouble(), matrix.Accuracy, 1e-12);
        Assert.Equal(MetricsGolden.Items, matrix.Items);
    }

    [Fact]
    public void Measures_GoldenItems_AreScikitLearns()
    {
        var matrix = ConfusionMatrix.Of(MetricsGolden.Scored);
        var labels = Enumerable.Range(0, MetricsGolden.Labels).Select(matrix.Label).ToList();

        MetricsGolden.AssertClose(MetricsGolden.Values.GetProperty("precision"), labels.Select(m => (double?)m.Precision));
        MetricsGolden.AssertClose(MetricsGolden.Values.GetProperty("recall"), labels.Select(m => (double?)m.Recall));
        MetricsGolden.AssertClose(MetricsGolden.Values.GetProperty("f1"), labels.Select(m => (double?)m.F1));
        MetricsGolden.AssertClose(MetricsGolden.Values.GetProperty("support"), labels.Select(m => (double?)m.Support));
        MetricsGolden.AssertClose(MetricsGolden.Values.GetProperty("macro"), [matrix.Macro.Precision, matrix.Macro.Recall, matrix.Macro.F1]);
        MetricsGolden.AssertClose(MetricsGolden.Values.GetProperty("weighted"), [matrix.Weighted.Precision, matrix.Weighted.Recall, matrix.Weighted.F1]);
    }

    [Fact]
    public void Macro_LabelWithoutItems_IsLeftOut()
    {
        // Two of a, both heard as a; nothing of b, c.
        var matrix = ConfusionMatrix.Of(new Predictions(["a", "b", "c"], [[0.8, 0.1, 0.1], [0.5, 0.3, 0.2]], [0, 0]));

        Assert.Equal(new LabelMeasures(1, 1, 1, 2), matrix.Macro);
        Assert.Equal(new LabelMeasures(0, 0, 0, 0), matrix.Label(1));
    }
}
