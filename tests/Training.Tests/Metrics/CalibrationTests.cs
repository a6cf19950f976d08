using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

public class CalibrationTests
{
    [Fact]
    public void ReliabilityDiagram_GoldenItems_IsScikitLearns() =>
        AssertDiagram(MetricsGolden.Values.GetProperty("calibration"), ReliabilityDiagram.Of(MetricsGolden.Scored));

    [Fact]
    public void Measures_IndependentProbabilities_AreScikitLearnsOverAllStatements()
    {
        var (probabilities, relevant) = MetricsGolden.MultiLabel();
        var statements = new Predictions(MetricsGolden.Names, probabilities, [.. relevant.Select(row => Math.Max(0, Array.IndexOf(row, true)))]) { Relevant = relevant };
        var expected = MetricsGolden.Values.GetProperty("multi_label");
        AssertDiagram(expected.GetProperty("calibration"), ReliabilityDiagram.Of(statements));
        Assert.Equal(expected.GetProperty("log_loss").GetDouble(), Calibration.NegativeLogLikelihood(statements), 1e-12);
        Assert.Equal(expected.GetProperty("brier").GetDouble(), Calibration.Brier(statements), 1e-12);
        Assert.Equal(Calibration.Brier(statements), Calibration.Brier(statements.Pick([.. Enumerable.Range(0, probabilities.Count).Reverse()])), 1e-12);
    }

    private static void AssertDiagram(System.Text.Json.JsonElement expected, ReliabilityDiagram diagram)
    {
        var filled = diagram.Bins.Where(bin => bin.Count > 0).ToList();
        MetricsGolden.AssertClose(expected.GetProperty("count"), filled.Select(bin => (double?)bin.Count));
        MetricsGolden.AssertClose(expected.GetProperty("accuracy"), filled.Select(bin => (double?)bin.Accuracy));
        MetricsGolden.AssertClose(expected.GetProperty("confidence"), filled.Select(bin => (double?)bin.Confidence));
        Assert.Equal(expected.GetProperty("expected_error").GetDouble(), diagram.ExpectedError, 1e-12);
    }

    [Fact]
    public void LogLossAndBrier_GoldenItems_AreScikitLearns()
    {
        Assert.Equal(MetricsGolden.Values.GetProperty("log_loss").GetDouble(), Calibration.NegativeLogLikelihood(MetricsGolden.Scored), 1e-12);
        Assert.Equal(MetricsGolden.Values.GetProperty("brier").GetDouble(), Calibration.Brier(MetricsGolden.Scored), 1e-12);
    }

    [Fact]
    public void ReliabilityDiagram_CertainAndRight_FallsIntoTheLastBinWithoutError()
    {
        var diagram = ReliabilityDiagram.Of(new Predictions(["a", "b"], [[1, 0]], [0]));

        Assert.Equal(new ReliabilityBin(14 / 15.0, 1, 1, 1, 1), diagram.Bins[^1]);
        Assert.Equal(0, diagram.ExpectedError);
    }
}
