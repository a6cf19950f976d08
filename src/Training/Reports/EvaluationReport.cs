using StreamGenre.Stages.Contract;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>An evaluation as a person reads it: plain text, so that it can go into a file or a model card as it is.</summary>
internal static class EvaluationReport
{
    private const int ColumnWidth = 7;

    /// <summary>Writes figures, confusion and rolling verdicts.</summary>
    public static void Write(TextWriter output, ModelContract contract, ScoredSet scored, Evaluation evaluation)
    {
        var all = Enumerable.Range(0, scored.Labels.Count).ToList();
        output.WriteLine($"{contract.Name} {contract.Version}: {evaluation.Clips} clips, {evaluation.Windows} windows");
        if (contract.TrainingData.Length > 0)
        {
            // What a model has learnt from, it hears better than anything else.
            output.WriteLine($"it has learnt from: {contract.TrainingData}");
        }

        if (scored.TooShort > 0)
        {
            output.WriteLine($"{scored.TooShort} clips left out: shorter than one window");
        }

        Accuracies(output, $"over the set's {evaluation.Labels.Count} labels", evaluation);
        if (scored.SetLabels.Count < all.Count)
        {
            Accuracies(output, $"over all {all.Count} labels", Evaluation.Of(scored, contract.Temperature, all));
        }

        foreach (var figure in FigureSheet.Of(scored, contract.Temperature, withIntervals: false).Where(figure => figure.Key is not (FigureSheet.ClipAccuracy or "window_accuracy")))
        {
            output.WriteLine($"{figure.Name.PadRight(36)}{Html.Number(figure.Value)}");
        }

        var clips = Predictions.OfClips(scored, contract.Temperature, scored.SetLabels);
        var width = scored.SetLabels.Max(label => scored.Labels[label].Length) + 2;
        output.WriteLine();
        output.WriteLine("genre".PadRight(width) + "clips  precision  recall     F1");
        foreach (var genre in GenreFigures.Of(clips))
        {
            output.WriteLine($"{genre.Genre.PadRight(width)}{genre.Clips,5}  {Html.Number(genre.Precision),9}  {Html.Number(genre.Recall),6}  {Html.Number(genre.F1),5}");
        }

        output.WriteLine();
        output.WriteLine("clips, rows true, columns heard over the set's labels:");
        Table(output, evaluation.Labels, evaluation.Labels, (row, column) => evaluation.Confusion[row, column]);

        var verdicts = RollingVerdict.Of(scored, contract.Temperature);
        output.WriteLine();
        output.WriteLine(
            $"final rolling top genre (30 s mean, over all labels): {verdicts.Count(verdict => verdict.Label == verdict.Heard)} of {verdicts.Count} right");
        Table(
            output,
            evaluation.Labels,
            scored.Labels,
            (row, column) => verdicts.Count(verdict => verdict.Label == scored.SetLabels[row] && verdict.Heard == column));
    }

    private static void Accuracies(TextWriter output, string title, Evaluation evaluation) =>
        output.WriteLine($"{title}: clip accuracy {evaluation.ClipAccuracy:F3}, window accuracy {evaluation.WindowAccuracy:F3}");

    private static void Table(TextWriter output, IReadOnlyList<string> rows, IReadOnlyList<string> columns, Func<int, int, int> count)
    {
        var first = rows.Max(row => row.Length) + 1;
        output.WriteLine(new string(' ', first) + string.Concat(columns.Select(column => (column.Length >= ColumnWidth ? column[..(ColumnWidth - 1)] : column).PadLeft(ColumnWidth))));
        for (var row = 0; row < rows.Count; row++)
        {
            var cells = Enumerable.Range(0, columns.Count).Select(column => count(row, column)).Select(value => (value == 0 ? "." : $"{value}").PadLeft(ColumnWidth));
            output.WriteLine(rows[row].PadRight(first) + string.Concat(cells));
        }
    }
}
