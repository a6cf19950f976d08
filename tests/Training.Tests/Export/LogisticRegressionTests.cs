using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Export;

public class LogisticRegressionTests
{
    private static readonly int[] Labels = [.. Enumerable.Repeat(0, 20), .. Enumerable.Repeat(1, 14), .. Enumerable.Repeat(2, 6)];

    private static readonly string[] NoArtists = [.. Enumerable.Range(0, 40).Select(row => $"{row}")];

    [Fact]
    public void Fit_UnevenLabels_GivesScikitLearnsProbabilities() => AssertGives("probabilities", NoArtists, (new double[18], new double[3]));

    [Fact]
    public void Fit_UnevenArtists_GivesScikitLearnsProbabilitiesWithEachArtistAsMuch() => AssertGives(
        "by_artist", [.. Enumerable.Range(0, 40).Select(row => $"{(int)Math.Sqrt(row)}")], (new double[18], new double[3]));

    [Fact]
    public void Fit_FromALayer_GivesTheMinimumThatSciPyFinds() => AssertGives(
        "started", NoArtists, ([.. GoldenValues.Numbers(18, 2, 2).Select(value => (double)value)], [.. GoldenValues.Numbers(3, 3, 1).Select(value => (double)value)]));

    [Fact]
    public void Fit_LabelWithoutRows_IsRefused()
    {
        var error = Assert.Throws<TrainingException>(() => LogisticRegression.Fit([[1, 2], [2, 1]], [0, 2], ["a", "b"], (new double[6], new double[3]), 1));

        Assert.Contains("label 1 of 3 has no clip", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Rows of six features of very different scales, as make_regression_golden.py makes them.</summary>
    internal static IReadOnlyList<double[]> Rows()
    {
        double[] scales = [1, 2, 0.5, 1, 3, 0.1];
        var numbers = GoldenValues.Numbers(40 * 6, 1, 4);
        return [.. Labels.Select((label, row) => scales.Select((scale, i) => (numbers[(row * 6) + i] * scale) + (i == label ? 1 : 0)).ToArray())];
    }

    private static void AssertGives(string expected, string[] artists, (double[] Weights, double[] Bias) start)
    {
        var golden = GoldenValues.Read("regression_golden.json");
        var rows = Rows();

        var (weights, bias) = LogisticRegression.Fit(rows, Labels, artists, start, golden.GetProperty("penalty").GetDouble());

        var probabilities = rows.SelectMany(row => Probabilities.Softmax(
            Enumerable.Range(0, 3).Select(label => (float)(bias[label] + Enumerable.Range(0, 6).Sum(i => weights[(label * 6) + i] * row[i]))).ToArray(), 1));
        GoldenValues.AssertClose(golden.GetProperty(expected), [.. probabilities.Select(p => (float)p)], 2e-5, "probability");
    }
}
