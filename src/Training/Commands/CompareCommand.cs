using System.CommandLine;

using Spectre.Console;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary><c>compare</c>: models side by side on the same clips.</summary>
internal static class CompareCommand
{
    private const string TrainingDataKey = "training_data";

    private const string Description = """
        Put run folders and models side by side on the same clips: figures, curves, the settings that differ, and paired differences to the first.

        Without --data they are heard on the sets that the first run was measured on.

        Examples:
          compare runs/first runs/second
          compare models/default.onnx runs/first --data valid.npz --out comparison.html
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var subjects = new Argument<string[]>("runs-or-models") { Description = "Run folders and ONNX models; the others are held against the first", Arity = new ArgumentArity(1, 32) };
        var sets = new SetSettings(required: false);
        var output = new Option<string?>("--out") { Description = "A page to write, with its JSON beside it" };
        var command = new Command("compare", Description) { subjects, output };
        sets.Options.ToList().ForEach(command.Options.Add);
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var named = parsed.GetValue(subjects)!;
            if (named.Length < 2)
            {
                throw new TrainingException($"{named[0]} alone has nothing to be held against; name at least two runs or models");
            }

            var path = parsed.GetValue(output) is { } given ? OutputPath.Prepare("--out", given) : null;
            var comparison = await CompareAsync(sets, parsed, ReportSubject.Of(named), cancellation);
            Write(AnsiConsole.Console, comparison);
            if (path is not null)
            {
                var json = await Page.WriteAsync(path, ComparisonPage.Render(comparison), comparison, cancellation);
                Console.WriteLine($"page: {path}");
                Console.WriteLine($"JSON: {json}");
            }

            return 0;
        }));
        return command;
    }

    private static async Task<Comparison> CompareAsync(SetSettings sets, ParseResult parsed, IReadOnlyList<ReportSubject> subjects, CancellationToken cancellation)
    {
        var own = subjects.FirstOrDefault(subject => subject.Run is not null) ?? subjects[0];
        var heard = new List<(ModelReport, ScoredSet, double)>();

        // Models of one front end hear the same frames.
        var read = new Dictionary<MelOptions, IReadOnlyList<(string, MelSet)>>();
        foreach (var subject in subjects)
        {
            using var model = new ModelFile(subject.ModelPath);
            if (!sets.Given(parsed) && own.Run?.ReadOptions().FrontEnd.Mel is { } mel && mel != model.Contract.Mel)
            {
                throw new TrainingException($"{subject.Name} has another front end than {own.Name}; name what to hear them on with --data");
            }

            if (!read.TryGetValue(model.Contract.Mel, out var parts))
            {
                parts = await ReportCommand.PartsAsync(sets, parsed, own, model, cancellation);
                read.Add(model.Contract.Mel, parts);
            }

            var (report, scored) = ModelReport.Of(subject, model, parts, DateTimeOffset.Now);
            heard.Add((report, scored, model.Contract.Temperature));
        }

        return Comparison.Of(heard);
    }

    private static void Write(IAnsiConsole console, Comparison comparison)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("figure");
        foreach (var model in comparison.Models)
        {
            table.AddColumn(new TableColumn(Markup.Escape(model.Subject)).RightAligned());
        }

        for (var i = 0; i < comparison.Models[0].Figures.Count; i++)
        {
            table.AddRow([comparison.Models[0].Figures[i].Name, .. comparison.Models.Select(model => Html.Number(model.Figures[i].Value))]);
        }

        table.AddRow(["MFLOP a window", .. comparison.Models.Select(model => $"{model.Cost.Megaflops:F1}")]);
        table.AddRow(["Parameters", .. comparison.Models.Select(model => $"{model.Cost.Parameters}")]);
        table.AddRow(["Accuracy per MFLOP", .. comparison.Models.Select(model => model.Cost.AccuracyPerMegaflop is { } points ? $"{points:F2}" : Html.None)]);
        console.Write(table);
        foreach (var model in comparison.Models.Where(model => model.Model.ContainsKey(TrainingDataKey)))
        {
            // A set that one of them has learnt from speaks for that one.
            Console.WriteLine($"{model.Subject} has learnt from: {model.Model[TrainingDataKey]}");
        }

        foreach (var pair in comparison.Differences)
        {
            Console.WriteLine(
                $"{pair.Model} against {pair.Against}, {pair.Clips} clips: clip accuracy {pair.ClipAccuracy:+0.000;-0.000;0.000} (95 %: {Html.Range(pair.ClipAccuracyInterval)}), {pair.Gained} gained, {pair.Lost} lost, McNemar's p {pair.PValue:0.000}");
        }
    }
}
