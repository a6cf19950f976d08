using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

public class MultiLabelMeasuresTests
{
    [Fact]
    public void Of_GoldenItems_IsScikitLearns()
    {
        var (probabilities, relevant) = MetricsGolden.MultiLabel();
        var expected = MetricsGolden.Values.GetProperty("multi_label");

        var measures = MultiLabelMeasures.Of(MetricsGolden.Names, probabilities, relevant);

        Assert.Equal(expected.GetProperty("micro_f1").GetDouble(), measures.MicroF1, 1e-10);
        Assert.Equal(expected.GetProperty("macro_f1").GetDouble(), measures.MacroF1, 1e-10);
        Assert.Equal(expected.GetProperty("subset_accuracy").GetDouble(), measures.SubsetAccuracy, 1e-10);
        Assert.Equal(expected.GetProperty("mean_average_precision").GetDouble(), measures.MeanAveragePrecision!.Value, 1e-10);
        Assert.Equal(expected.GetProperty("macro_roc_auc").GetDouble(), measures.MacroRocArea!.Value, 1e-10);
        Assert.Equal(expected.GetProperty("label_ranking_average_precision").GetDouble(), measures.LabelRankingPrecision, 1e-10);
        MetricsGolden.AssertClose(expected.GetProperty("precision"), measures.PerLabel.Select(label => (double?)label.AtThreshold.Precision));
        MetricsGolden.AssertClose(expected.GetProperty("recall"), measures.PerLabel.Select(label => (double?)label.AtThreshold.Recall));
        MetricsGolden.AssertClose(expected.GetProperty("f1"), measures.PerLabel.Select(label => (double?)label.AtThreshold.F1));
        MetricsGolden.AssertClose(expected.GetProperty("support"), measures.PerLabel.Select(label => (double?)label.AtThreshold.Support));
        MetricsGolden.AssertClose(expected.GetProperty("average_precision"), measures.PerLabel.Select(label => label.AveragePrecision));
        MetricsGolden.AssertClose(expected.GetProperty("roc_auc"), measures.PerLabel.Select(label => label.RocArea));
    }

    [Fact]
    public void Of_LabelNobodyHas_LeavesItOutOfTheMeans()
    {
        var measures = MultiLabelMeasures.Of(["a", "b"], [[0.9, 0.2], [0.1, 0.2]], [[true, false], [false, false]]);

        Assert.Equal((1.0, 1.0), (measures.MeanAveragePrecision, measures.MacroRocArea));
        Assert.Equal((1.0, 1.0), (measures.MicroF1, measures.SubsetAccuracy));
        Assert.Null(measures.PerLabel[1].AveragePrecision);
    }
}
