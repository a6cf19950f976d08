using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Export;

/// <summary>In what two models want to be fed or answered differently.</summary>
internal static class ContractDifferences
{
    private static readonly string[] NotFrontEnd =
        ["contract_version", "name", "version", "labels", "input_name", "output_name", "score_kind", "temperature", "training_data", "license"];

    /// <summary>Everything in which the front ends differ, such as <c>hop_samples is 512, not 1708</c>; empty where one window feeds both.</summary>
    public static IReadOnlyList<string> OfFrontEnds(ModelContract one, ModelContract other)
    {
        var (own, wanted) = (one.ToMetadata(), other.ToMetadata());
        return own.Keys.Union(wanted.Keys)
            .Where(key => !NotFrontEnd.Contains(key) && own.GetValueOrDefault(key) != wanted.GetValueOrDefault(key))
            .Order(StringComparer.Ordinal)
            .Select(key => $"{key} is {own.GetValueOrDefault(key, "missing")}, not {wanted.GetValueOrDefault(key, "missing")}")
            .ToList();
    }
}
