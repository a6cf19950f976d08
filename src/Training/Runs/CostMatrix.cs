using System.Globalization;

namespace StreamGenre.Training.Runs;

/// <summary>What each confusion costs, as a CSV file says: a header of labels, then a row for each true label with the cost of hearing it as each.</summary>
/// <remarks>
/// <code>
/// ,blues,classical,rock
/// blues,0,3,1
/// classical,3,0,3
/// rock,1,3,0
/// </code>
/// </remarks>
internal static class CostMatrix
{
    /// <summary>Reads a matrix in the order of a run's labels.</summary>
    /// <param name="path">The CSV file; its rows and columns may stand in any order and know further labels.</param>
    /// <param name="labels">The run's.</param>
    /// <returns>[true label, heard label], row-major.</returns>
    /// <exception cref="TrainingException">A label is missing, or a cost is not a number of 0 or more, or the right answer costs something.</exception>
    public static float[] Read(string path, IReadOnlyList<string> labels)
    {
        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no cost matrix {path}");
        }

        var rows = File.ReadLines(path).Where(line => line.Trim().Length > 0).Select(line => line.Split(',', StringSplitOptions.TrimEntries)).ToList();
        var columns = rows.Count > 0 ? Columns(rows) : [];
        var missing = labels.Where(label => !columns.Contains(label) || rows.Skip(1).Count(row => row[0] == label) != 1).ToList();
        if (missing.Count > 0)
        {
            throw new TrainingException($"{path} needs one row and one column for {string.Join(", ", missing)}; its columns are {string.Join(", ", columns)}, its rows {string.Join(", ", rows.Skip(1).Select(row => row[0]))}");
        }

        return labels
            .Select(truth => (Truth: truth, Row: rows.Skip(1).Single(row => row[0] == truth)))
            .SelectMany(pair => labels.Select(heard => Cost(path, pair.Truth, heard, pair.Row.ElementAtOrDefault(columns.IndexOf(heard) + 1))))
            .ToArray();
    }

    // Over the rows' own labels the header may have a cell, or none, as R writes tables.
    private static List<string> Columns(List<string[]> rows) => [.. rows.Count > 1 && rows[0].Length == rows[1].Length - 1 ? rows[0] : rows[0].Skip(1)];

    private static float Cost(string path, string truth, string heard, string? text)
    {
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var cost) || !float.IsFinite(cost) || cost < 0)
        {
            throw new TrainingException($"{path}: hearing {truth} as {heard} costs '{text}'; it must be a number of 0 or more");
        }

        return truth != heard || cost == 0 ? cost : throw new TrainingException($"{path}: hearing {truth} as {heard} is right, and must cost 0 where {cost} stands");
    }
}
