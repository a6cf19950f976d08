using System.Text.Json;

using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

/// <summary>The items of make_metrics_golden.py, by the same formula.</summary>
internal static class MetricsGolden
{
    public const int Items = 120, Labels = 5;

    public static readonly string[] Names = ["a", "b", "c", "d", "e"];

    public static JsonElement Values { get; } = GoldenValues.Read("metrics_golden.json");

    public static Predictions Scored { get; } = new(Names, Softmax(), Truth());

    /// <summary>Scores rounded to one decimal, so that many are equal.</summary>
    public static Predictions Tied { get; } = Scored with
    {
        Scores = [.. Scored.Scores.Select(row => Array.ConvertAll(row, score => Math.Floor((score * 10) + 0.5) / 10))],
    };

    public static (IReadOnlyList<double[]> Probabilities, IReadOnlyList<bool[]> Relevant) MultiLabel()
    {
        var (has, p) = (Numbers(Items * Labels, 3).Select(value => value > 0.2).ToArray(), Numbers(Items * Labels, 4));
        var probabilities = p.Select((value, i) => 1 / (1 + Math.Exp(-((4 * value) + (has[i] ? 1.2 : 0) - 0.6))));
        return ([.. probabilities.Chunk(Labels)], [.. has.Chunk(Labels)]);
    }

    public static void AssertClose(JsonElement expected, IEnumerable<double?> actual)
    {
        var values = actual.ToList();
        Assert.Equal(expected.GetArrayLength(), values.Count);
        Assert.All(expected.EnumerateArray().Zip(values), pair => Assert.Equal(pair.First.GetDouble(), pair.Second!.Value, 1e-10));
    }

    private static int[] Truth() => [.. Numbers(Items, 1).Select(value => Math.Min((int)(Math.Pow(value + 0.5, 1.5) * Labels), Labels - 1))];

    private static List<double[]> Softmax()
    {
        var truth = Truth();
        return [.. Numbers(Items * Labels, 2).Chunk(Labels).Select((row, item) =>
        {
            var powers = row.Select((value, label) => Math.Exp((4 * value) + (label == truth[item] ? 1.5 : 0))).ToArray();
            return Array.ConvertAll(powers, power => power / powers.Sum());
        })];
    }

    private static double[] Numbers(int count, int k) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var value = Math.Sin((12.9898 * i) + (78.233 * k)) * 43758.5453;
        return value - Math.Floor(value) - 0.5;
    })];
}
