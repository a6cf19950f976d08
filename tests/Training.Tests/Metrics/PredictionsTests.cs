using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

public class PredictionsTests
{
    [Fact]
    public void TopAccuracy_GoldenItems_IsScikitLearns()
    {
        Assert.Equal(MetricsGolden.Values.GetProperty("top3").GetDouble(), MetricsGolden.Scored.TopAccuracy(3), 1e-12);
        Assert.Equal(MetricsGolden.Values.GetProperty("accuracy").GetDouble(), MetricsGolden.Scored.TopAccuracy(1), 1e-12);
        Assert.Equal(1, MetricsGolden.Scored.TopAccuracy(MetricsGolden.Labels));
    }

    [Fact]
    public void TopAccuracy_AllScoresEqual_CountsTheFirstLabelsOnly() =>
        Assert.Equal(0.5, new Predictions(["a", "b"], [[0.5, 0.5], [0.5, 0.5]], [0, 1]).TopAccuracy(1));

    [Fact]
    public void Pick_ItemsTwiceAndNever_FollowsTheList()
    {
        var picked = new Predictions(["a", "b"], [[1, 0], [0, 1]], [0, 1]).Pick([1, 1]);

        Assert.Equal([1, 1], picked.Truth);
        Assert.Equal([0, 1], picked.Scores[0]);
    }
}
