using System.Text.Json;

using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>Models side by side on the same clips; what compare.json holds.</summary>
/// <param name="Models">Each model's report, the first being what the others are held against.</param>
/// <param name="Settings">Settings and contract entries in which they differ: one value a model, null where a model has none.</param>
/// <param name="Differences">Each other model against the first.</param>
internal sealed record Comparison(
    IReadOnlyList<ModelReport> Models,
    IReadOnlyDictionary<string, IReadOnlyList<string?>> Settings,
    IReadOnlyList<PairedDifference> Differences)
{
    /// <summary>Compares.</summary>
    /// <exception cref="TrainingException">A model hears none of the clips that the first hears.</exception>
    public static Comparison Of(IReadOnlyList<(ModelReport Report, ScoredSet Scored, double Temperature)> models) => new(
        [.. models.Select(model => model.Report)],
        Differing([.. models.Select(model => Entries(model.Report))]),
        [.. models.Skip(1).Select(other => PairedDifference.Of(models[0], other))]);

    private static Dictionary<string, string> Entries(ModelReport report)
    {
        var entries = report.Settings is { } settings ? new Dictionary<string, string>(FlatSettings.Of(settings)) : [];
        foreach (var (key, value) in report.Model)
        {
            entries[$"contract.{key}"] = key == "labels" ? string.Join(", ", JsonSerializer.Deserialize<string[]>(value)!) : value;
        }

        return entries;
    }

    // Models without a run have no settings: beside several runs they would make all of these differ.
    private static bool Differ(List<string?> values) =>
        values.OfType<string>().ToList() is var known && (known.Count == 1 ? values.Count > 1 : known.Distinct(StringComparer.Ordinal).Count() > 1);

    private static Dictionary<string, IReadOnlyList<string?>> Differing(IReadOnlyList<Dictionary<string, string>> models) => models
        .SelectMany(model => model.Keys)
        .Distinct(StringComparer.Ordinal)
        .Select(key => (key, Values: models.Select(model => model.GetValueOrDefault(key)).ToList()))
        .Where(entry => Differ(entry.Values))
        .ToDictionary(entry => entry.key, entry => (IReadOnlyList<string?>)entry.Values);
}
