using System.Text.Json;

namespace StreamGenre.Training.Reports;

/// <summary>Loss and accuracy by epoch, out of the lines of metrics.jsonl.</summary>
internal static class TrainingCurves
{
    /// <summary>The section of a run's report.</summary>
    public static string Section(IReadOnlyList<JsonElement> epochs, List<Chart> charts)
    {
        var sets = epochs.SelectMany(Sets).Select(set => set.Name).Distinct(StringComparer.Ordinal).ToList();
        var loss = new Chart(
            "training-loss",
            "Loss by epoch, in nats",
            new ChartAxis("epoch", 0, Whole: true),
            new ChartAxis("loss"),
            [Training(epochs, "training", "loss"), .. sets.Select(set => Validation(epochs, set, "loss", set))]);
        var accuracy = new Chart(
            "training-accuracy",
            "Accuracy by epoch",
            new ChartAxis("epoch", 0, Whole: true),
            new ChartAxis("accuracy"),
            [
                Training(epochs, "training windows", "accuracy"),
                .. sets.SelectMany(set => new[] { Validation(epochs, $"{set}: clips", "clip_accuracy", set), Validation(epochs, $"{set}: windows", "window_accuracy", set) }),
            ]);
        charts.AddRange([loss, accuracy]);
        return Html.Section(
            "training",
            "Training",
            Html.Note("Training windows are varied, mixed and have smoothed targets, so their loss and accuracy stand apart from the sets'; compare each with itself. A validation loss that rises while the training loss falls is overfitting.")
            + $"<div class=\"pair\">{Html.Figure(loss)}{Html.Figure(accuracy)}</div>");
    }

    /// <summary>A set's figure over the epochs that looked at it.</summary>
    public static ChartSeries Validation(IReadOnlyList<JsonElement> epochs, string name, string key, string set) => new(
        name,
        [.. epochs.SelectMany(epoch => Sets(epoch).Where(found => found.Name == set).Select(found => new[] { Number(epoch, "epoch"), Number(found.Figures, key) })).Where(point => point[1] is not null)]);

    /// <summary>Names of the sets that an epoch was measured on, with their figures.</summary>
    public static IEnumerable<(string Name, JsonElement Figures)> Sets(JsonElement epoch) =>
        epoch.TryGetProperty("validation", out var sets) && sets.ValueKind == JsonValueKind.Array
            ? sets.EnumerateArray().Select(set => (set.GetProperty("set").GetString() ?? "", set))
            : [];

    /// <summary>A figure of the training windows by epoch.</summary>
    public static ChartSeries Training(IReadOnlyList<JsonElement> epochs, string name, string key) =>
        new(name, [.. epochs.Select(epoch => new[] { Number(epoch, "epoch"), Number(epoch, key) })]);

    private static double? Number(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? Math.Round(value.GetDouble(), 5) : null;
}
