using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Export;

public class LogisticRegressionTests
{
    private static readonly int[] Labels = [.. Enumerable.Repeat(0, 20), .. Enumerable.Repeat(1, 14), .. Enumerable.Repeat(2, 6)];

    [Fact]
    public void Fit_UnevenLabels_GivesScikitLearnsProbabilities()
    {
        var golden = GoldenValues.Read("regression_golden.json");
        double[] scales = [1, 2, 0.5, 1, 3, 0.1];
        var numbers = GoldenValues.Numbers(40 * 6, 1, 4);
        var rows = Labels.Select((label, row) => scales.Select((scale, i) => (numbers[(row * 6) + i] * scale) + (i == label ? 1 : 0)).ToArray()).ToList();

        var (weights, bias) = LogisticRegression.Fit(rows, Labels, 3, golden.GetProperty("penalty").GetDouble());

        var probabilities = rows.SelectMany(row => Probabilities.Softmax(
            Enumerable.Range(0, 3).Select(label => (float)(bias[label] + Enumerable.Range(0, 6).Sum(i => weights[(label * 6) + i] * row[i]))).ToArray(), 1));
        GoldenValues.AssertClose(golden.GetProperty("probabilities"), [.. probabilities.Select(p => (float)p)], 2e-5, "probability");
    }

    [Fact]
    public void Fit_LabelWithoutRows_IsRefused()
    {
        var error = Assert.Throws<TrainingException>(() => LogisticRegression.Fit([[1, 2], [2, 1]], [0, 2], 3, 1));

        Assert.Contains("label 1 of 3 has no clip", error.Message, StringComparison.Ordinal);
    }
}
