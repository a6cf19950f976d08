using System.CommandLine;
using System.Text.Json;

using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Reports;

namespace StreamGenre.Training.Commands;

/// <summary><c>evaluate</c>: a finished model on a set.</summary>
internal static class EvaluateCommand
{
    private const string Description = """
        Measure a model on a set: an npz of mels or a folder of audio.

        A clip is heard as the genre whose mean probability over its windows (3 s, one a second) is highest. On a set with fewer labels than the model the
        comparison is over the set's labels; the text form shows the unrestricted figures as well, and the final rolling top genre as a server would give it.
        --json prints one object: clips, windows, clip_accuracy, window_accuracy, per_genre (genre to clip accuracy); accuracies are 0..1.

        Examples:
          evaluate --model models/default.onnx --data valid.npz
          evaluate --model models/default.onnx --data ../music --json
          evaluate --model models/default.onnx --data ../music --holdout-artists 0.25
          evaluate --model models/default.onnx --data ../gtzan --split-by lists:../lists --side test
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The ONNX model", Required = true };
        var data = new Option<string>("--data") { Description = "An npz of mels or a folder of audio", Required = true };
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else" };
        var split = new Option<string?>("--split") { Description = "Only rows of this split in a folder's index.csv" };
        var parts = new PartSettings();
        var splitBy = new Option<string?>("--split-by") { Description = $"Only one side of this split of the set: {SplitRule.Forms}" };
        var side = new Option<SplitSide>("--side") { Description = "Which side of the split (default: validation)", DefaultValueFactory = _ => SplitSide.Validation };
        Choice.Restrict(side);
        var holdOut = new Option<double>("--holdout-artists") { Description = "Only recordings by the share of artists that train held back; 0 for all" };
        var holdOutSeed = new Option<int>("--holdout-seed") { Description = "Seed that train drew by", DefaultValueFactory = _ => new Runs.TrainingRunOptions().HoldOutSeed };
        var fold = new Option<int>("--fold") { Description = "Block of what is drawn that train held back" };
        var cache = new Option<string>("--cache")
        {
            Description = "Folder for cached mel frames of audio",
            DefaultValueFactory = _ => Path.Combine("artifacts", "training", "mel-cache"),
        };

        var command = new Command("evaluate", Description) { model, data, json, split, splitBy, side, holdOut, holdOutSeed, fold, cache };
        parts.Options.ToList().ForEach(command.Options.Add);
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var asJson = parsed.GetValue(json);
            using var file = new ModelFile(parsed.GetValue(model)!);
            Action<string> note = text => (asJson ? Console.Error : Console.Out).WriteLine(text);
            var rule = Splits.Rule(parsed.GetValue(splitBy), parsed.GetValue(holdOut));
            var reader = new DataReader(file.Contract.Mel, parsed.GetValue(cache)!, parts.Read(parsed, new PartOptions()) with { Rows = parsed.GetValue(split) }, note);
            var set = await reader.ReadAsync(parsed.GetValue(data)!, cancellation);
            reader.CheckGenres();
            if (rule is not null)
            {
                var sides = Splits.Apply(set, rule, parsed.GetValue(holdOutSeed), parsed.GetValue(fold));
                set = sides[parsed.GetValue(side)];
                note($"{parsed.GetValue(data)}: {sides}");
            }

            var scored = ScoredSet.Score(set, file.Contract, file.Logits);
            var evaluation = Evaluation.Of(scored, file.Contract.Temperature, scored.SetLabels);
            if (asJson)
            {
                Console.WriteLine(Json(evaluation));
            }
            else
            {
                EvaluationReport.Write(Console.Out, file.Contract, scored, evaluation);
            }

            return 0;
        }));
        return command;
    }

    /// <summary>The figures as one JSON object.</summary>
    internal static string Json(Evaluation evaluation) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["clips"] = evaluation.Clips,
        ["windows"] = evaluation.Windows,
        ["clip_accuracy"] = evaluation.ClipAccuracy,
        ["window_accuracy"] = evaluation.WindowAccuracy,
        ["per_genre"] = evaluation.PerGenre,
    });
}
