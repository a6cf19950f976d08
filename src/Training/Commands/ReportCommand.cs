using System.CommandLine;

using StreamGenre.Training.Metrics;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary><c>report</c>: a model on a set as one page and its JSON.</summary>
internal static class ReportCommand
{
    private const string Description = """
        Write everything that is known of a model on a set as one self-contained HTML page with charts, and as JSON beside it.

        Of a run folder its model is reported, with its training curves and settings; without --data on the sets that the run itself was measured on.

        Examples:
          report runs/first
          report models/default.onnx --data valid.npz --out default.html
          report runs/first --data valid.npz ../music --holdout-artists 0.25 --out first.html
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var subject = new Argument<string>("run-or-model") { Description = "A run folder that train left, or an ONNX model" };
        var sets = new SetSettings(required: false);
        var output = new Option<string?>("--out") { Description = "The page to write; its JSON stands beside it (default: report.html in the run folder, or here for a model)" };
        var command = new Command("report", Description) { subject, output };
        sets.Options.ToList().ForEach(command.Options.Add);
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var reported = ReportSubject.Of(parsed.GetValue(subject)!);
            var path = OutputPath.Prepare("--out", parsed.GetValue(output) ?? Path.Combine(reported.Run?.Path ?? "", "report.html"));
            using var model = new ModelFile(reported.ModelPath);
            var parts = await PartsAsync(sets, parsed, reported, model, cancellation);
            var (report, _) = ModelReport.Of(reported, model, parts, DateTimeOffset.Now);
            var json = await Page.WriteAsync(path, ModelReportPage.Render(report), report, cancellation);
            var accuracy = report.Figures.First(figure => figure.Key == FigureSheet.ClipAccuracy);
            Console.WriteLine($"clip accuracy {Html.Number(accuracy.Value)} (95 %: {Html.Range(accuracy.Interval)}) over {report.Clips} clips");
            Console.WriteLine($"page: {path}");
            Console.WriteLine($"JSON: {json}");
            return 0;
        }));
        return command;
    }

    /// <summary>What a subject is heard on: the data named, or a run's own.</summary>
    internal static async Task<IReadOnlyList<(string Name, Data.MelSet Set)>> PartsAsync(
        SetSettings sets, ParseResult parsed, ReportSubject subject, ModelFile model, CancellationToken cancellation) =>
        sets.Given(parsed) ? await sets.ReadAsync(parsed, model.Contract, Console.WriteLine, cancellation)
        : subject.Run is { } run ? await sets.ReadOwnAsync(parsed, run, Console.WriteLine, cancellation)
        : throw new TrainingException($"{subject.Name} is a model alone; name what to hear it on with --data");
}
