using Spectre.Console;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>An evaluation as a person reads it.</summary>
internal static class EvaluationReport
{
    /// <summary>Writes figures, confusion and rolling verdicts.</summary>
    public static void Write(IAnsiConsole console, ModelContract contract, ScoredSet scored, Evaluation evaluation)
    {
        var all = Enumerable.Range(0, scored.Labels.Count).ToList();
        console.MarkupLineInterpolated($"[bold]{contract.Name} {contract.Version}[/]  {evaluation.Clips} clips, {evaluation.Windows} windows");
        if (scored.TooShort > 0)
        {
            console.WriteLine($"{scored.TooShort} clips left out: shorter than one window");
        }

        Accuracies(console, $"over the set's {evaluation.Labels.Count} labels", evaluation);
        if (scored.SetLabels.Count < all.Count)
        {
            Accuracies(console, $"over all {all.Count} labels", Evaluation.Of(scored, contract.Temperature, all));
        }

        console.WriteLine(
            $"calibration error of windows {Calibration.ExpectedError([scored], contract.Temperature):F3}, mean negative log likelihood {Calibration.NegativeLogLikelihood([scored], contract.Temperature):F3}");
        console.WriteLine();
        console.WriteLine("clips, rows true, columns heard over the set's labels:");
        console.Write(Table(evaluation.Labels, evaluation.Labels, (row, column) => evaluation.Confusion[row, column]));
        var verdicts = RollingVerdict.Of(scored, contract.Temperature);
        console.WriteLine($"final rolling top genre (30 s mean, over all labels): {verdicts.Count(verdict => verdict.Label == verdict.Heard)} of {verdicts.Count} right");
        console.Write(Table(
            evaluation.Labels,
            scored.Labels,
            (row, column) => verdicts.Count(verdict => verdict.Label == scored.SetLabels[row] && verdict.Heard == column)));
    }

    private static void Accuracies(IAnsiConsole console, string title, Evaluation evaluation) =>
        console.WriteLine($"{title}: clip accuracy {evaluation.ClipAccuracy:F3}, window accuracy {evaluation.WindowAccuracy:F3}");

    private static Table Table(IReadOnlyList<string> rows, IReadOnlyList<string> columns, Func<int, int, int> count)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumn("");
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column.Length > 5 ? column[..5] : column).RightAligned());
        }

        for (var row = 0; row < rows.Count; row++)
        {
            var cells = Enumerable.Range(0, columns.Count).Select(column => count(row, column)).Select(value => value == 0 ? "" : $"{value}");
            table.AddRow([Markup.Escape(rows[row]), .. cells]);
        }

        return table;
    }
}
