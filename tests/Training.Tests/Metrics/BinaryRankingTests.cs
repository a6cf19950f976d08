using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

public class BinaryRankingTests
{
    [Theory]
    [InlineData("distinct")]
    [InlineData("tied")]
    public void Areas_GoldenItems_AreScikitLearns(string kind)
    {
        var items = kind == "tied" ? MetricsGolden.Tied : MetricsGolden.Scored;
        var expected = MetricsGolden.Values.GetProperty(kind);
        var rankings = Enumerable.Range(0, MetricsGolden.Labels).Select(items.Ranking).ToList();

        MetricsGolden.AssertClose(expected.GetProperty("average_precision"), rankings.Select(ranking => ranking.AveragePrecision));
        MetricsGolden.AssertClose(expected.GetProperty("roc_auc"), rankings.Select(ranking => ranking.RocArea));
        Assert.Equal(expected.GetProperty("micro_average_precision").GetDouble(), items.MicroRanking().AveragePrecision!.Value, 1e-10);
        Assert.Equal(expected.GetProperty("micro_roc_auc").GetDouble(), items.MicroRanking().RocArea!.Value, 1e-10);
        Assert.Equal(expected.GetProperty("macro_average_precision").GetDouble(), items.Macro(ranking => ranking.AveragePrecision)!.Value, 1e-10);
    }

    [Fact]
    public void PrecisionRecallCurve_GoldenItems_IsScikitLearns()
    {
        var expected = MetricsGolden.Values.GetProperty("curve");

        // scikit-learn goes on below the last relevant item and ends at its own point (0, 1); here the first threshold's precision stands at recall 0.
        var curve = MetricsGolden.Scored.Ranking(1).PrecisionRecallCurve();
        Assert.Equal((0, curve[1].Precision), (curve[0].Recall, curve[0].Precision));
        foreach (var (point, i) in curve.Skip(1).Select((point, i) => (point, i)))
        {
            Assert.Equal(At("recall", i), point.Recall, 1e-12);
            Assert.Equal(At("precision", i), point.Precision, 1e-12);
            Assert.Equal(At("threshold", i), point.Threshold, 1e-12);
        }

        Assert.Equal(1, curve[^1].Recall);
        double At(string name, int i) => expected.GetProperty(name)[i].GetDouble();
    }

    [Fact]
    public void AveragePrecisionAt_TopTen_IsTheDefinitions() => MetricsGolden.AssertClose(
        MetricsGolden.Values.GetProperty("average_precision_at_10"),
        Enumerable.Range(0, MetricsGolden.Labels).Select(label => MetricsGolden.Scored.Ranking(label).AveragePrecisionAt(10)));

    [Fact]
    public void AveragePrecisionAt_FewerRelevantThanK_ReachesOne()
    {
        var ranking = BinaryRanking.Of([0.9, 0.8, 0.7, 0.1], [true, true, false, false]);

        Assert.Equal(1, ranking.AveragePrecisionAt(10));
        Assert.Equal(1, ranking.AveragePrecisionAt(1));
        Assert.Equal((1 + (2 / 3.0)) / 2, BinaryRanking.Of([0.9, 0.8, 0.7], [true, false, true]).AveragePrecisionAt(10)!.Value, 1e-12);
    }

    [Fact]
    public void AnyMeasure_NothingOrEverythingRelevant_IsUndefinedRatherThanZero()
    {
        var nothing = BinaryRanking.Of([0.9, 0.1], [false, false]);
        var everything = BinaryRanking.Of([0.9, 0.1], [true, true]);

        Assert.Equal((null, null, null), (nothing.AveragePrecision, nothing.RocArea, nothing.AveragePrecisionAt(10)));
        Assert.Empty(nothing.PrecisionRecallCurve());
        Assert.Equal((1.0, null), (everything.AveragePrecision, everything.RocArea));
        Assert.Null(new Predictions(["a", "b"], [[0.5, 0.5]], [0]).Macro(ranking => ranking.RocArea));
    }
}
