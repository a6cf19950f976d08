using System.Text.Json;

namespace StreamGenre.Training.Tests;

/// <summary>Reference values made by the scripts in Golden, and the formula by which both sides write down their inputs.</summary>
internal static class GoldenValues
{
    /// <summary>A file of the folder Golden.</summary>
    public static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", file))).RootElement;

    /// <summary>frac(sin(12.9898·i + 78.233·k)·43758.5453) − 0.5, times <paramref name="scale"/>.</summary>
    public static float[] Numbers(long count, int k, double scale = 1) => [.. Enumerable.Range(0, (int)count).Select(i =>
    {
        var value = Math.Sin((12.9898 * i) + (78.233 * k)) * 43758.5453;
        return (float)(scale * (value - Math.Floor(value) - 0.5));
    })];

    public static void AssertClose(JsonElement expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            var difference = Math.Abs(expected[i].GetDouble() - actual[i]);
            Assert.True(difference <= tolerance, $"{what}[{i}]: the reference has {expected[i].GetDouble()}, here {actual[i]}.");
        }
    }
}
