using StreamGenre.Training.Export;

namespace StreamGenre.Training.Tests.Export;

public class RidgeRegressionTests
{
    [Fact]
    public void Fit_TwoTargets_GivesScikitLearnsPredictions()
    {
        var golden = GoldenValues.Read("regression_golden.json");
        var rows = LogisticRegressionTests.Rows().SelectMany(row => row.Select(value => (float)value)).ToArray();
        var targets = GoldenValues.Numbers(80, 5, 3).Select((value, i) => value + rows[(i / 2 * 6) + (i % 2)]).ToArray();

        var (weights, bias) = RidgeRegression.Fit(rows, 6, targets, golden.GetProperty("penalty").GetDouble());

        var predictions = rows.Chunk(6).SelectMany(row => bias.Select((shift, target) => (float)(shift + Enumerable.Range(0, 6).Sum(i => weights[(target * 6) + i] * row[i]))));
        GoldenValues.AssertClose(golden.GetProperty("ridge"), [.. predictions], 1e-4, "prediction");
    }
}
