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

        A clip is heard as the genre whose mean probability over its windows (the model's length, one a second) is highest. On a set with fewer labels than the model the
        comparison is over the set's labels; the text form shows the unrestricted figures as well, and the final rolling top genre as a server would give it.
        --json prints one object: clips, windows, clip_accuracy, window_accuracy, per_genre (genre to clip accuracy), then track accuracy, top-3, F1, mAP,
        ROC AUC, calibration error and the rest; accuracies are 0..1. report writes the same with charts.

        Examples:
          evaluate --model models/default.onnx --data valid.npz
          evaluate --model models/default.onnx --data ../music --json
          evaluate --model models/default.onnx --data ../music --holdout-artists 0.25
          evaluate --model models/default.onnx --data ../gtzan --split-by lists:../lists --side test
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The ONNX model, or the run folder that it lies in", Required = true };
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else" };
        var hop = new Option<double?>("--window-hop")
        {
            Description = "Seconds from one window to the next, as train --window-hop (ten windows of a 30 s track: 3; default: the run's, or 1)",
        };
        var sets = new SetSettings(required: true);
        var command = new Command("evaluate", Description) { model, json, hop };
        sets.Options.ToList().ForEach(command.Options.Add);
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var asJson = parsed.GetValue(json);
            var hopSeconds = parsed.GetValue(hop);
            if (hopSeconds is not (null or > 0))
            {
                throw new TrainingException($"--window-hop is {hopSeconds} s; it must be above 0");
            }

            var subject = ReportSubject.Of(parsed.GetValue(model)!);
            using var file = new ModelFile(subject.ModelPath);
            Action<string> note = text => (asJson ? Console.Error : Console.Out).WriteLine(text);
            var parts = await sets.ReadAsync(parsed, file.Contract, note, cancellation);
            var scored = ScoredSet.Score(MelSet.Union([.. parts.Select(part => part.Set)]), file.Contract, file.Logits, hopSeconds ?? subject.HopSeconds);
            var evaluation = Evaluation.Of(scored, file.Contract.Temperature, scored.SetLabels);
            if (asJson)
            {
                Console.WriteLine(Json(scored, file.Contract.Temperature));
            }
            else
            {
                EvaluationReport.Write(Console.Out, file.Contract, scored, evaluation);
            }

            return 0;
        }));
        return command;
    }

    /// <summary>The figures as one JSON object: clips, windows, clip_accuracy, window_accuracy and per_genre first, then all others by their keys.</summary>
    internal static string Json(ScoredSet scored, double temperature)
    {
        var evaluation = Evaluation.Of(scored, temperature, scored.SetLabels);
        var clips = Predictions.OfClips(scored, temperature, scored.SetLabels);
        var json = new Dictionary<string, object?>
        {
            ["clips"] = evaluation.Clips,
            ["windows"] = evaluation.Windows,
            ["clip_accuracy"] = evaluation.ClipAccuracy,
            ["window_accuracy"] = evaluation.WindowAccuracy,
            ["per_genre"] = evaluation.PerGenre,
            ["tracks"] = Predictions.OfTracks(scored, temperature, scored.SetLabels).Truth.Count,
        };
        foreach (var figure in FigureSheet.Of(scored, temperature, withIntervals: false))
        {
            json.TryAdd(figure.Key, figure.Value);
        }

        json["clip_accuracy_interval"] = Interval.Wilson((int)Math.Round(evaluation.ClipAccuracy * evaluation.Clips), evaluation.Clips);
        json["genres"] = GenreFigures.Of(clips);
        return JsonSerializer.Serialize(json, Reports.Page.Compact);
    }
}
