using System.CommandLine;

using Spectre.Console;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Quantization;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary><c>quantize</c>: a finished model in fewer bits, with what that costs and gains.</summary>
internal static class QuantizeCommand
{
    private const string Description = """
        Write a model in 8-bit integers or 16-bit floats, to be served like any other, and show its speed and its answers beside the original's.

        int8 takes the ranges of activations from the data: name what the model was trained on. How right it is on other music, compare tells.

        Examples:
          quantize models/default.onnx --data train.npz --out int8.onnx
          compare models/default.onnx int8.onnx --data valid.npz
        """;

    // A second or two a model.
    private const int Rounds = 60;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "The ONNX model, or the run folder that it lies in" };
        var precision = Precision("int8");
        var output = new Option<string>("--out") { Description = "The model to write", Required = true };
        var sets = new SetSettings(required: true);
        var command = new Command("quantize", Description) { model, precision, output };
        sets.Options.ToList().ForEach(command.Options.Add);
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var source = ReportSubject.Of(parsed.GetValue(model)!).ModelPath;
            var path = OutputPath.Prepare("--out", parsed.GetValue(output)!);
            if (path == Path.GetFullPath(source))
            {
                throw new TrainingException($"--out is {path}, the model itself; name another file");
            }

            using var file = new ModelFile(source);
            var set = MelSet.Union([.. (await sets.ReadAsync(parsed, file.Contract, Console.WriteLine, cancellation)).Select(part => part.Set)]);
            var original = await File.ReadAllBytesAsync(source, cancellation);
            var converted = ModelPrecision.Convert(original, file.Contract, parsed.GetValue(precision)!, set);
            AtomicFile.Write(path, converted);

            Console.WriteLine($"{path}: {converted.Length / 1024.0:F0} KiB, of {original.Length / 1024.0:F0}");
            Show(AnsiConsole.Console, file.Contract, original, converted);
            using var other = new ModelFile(path);
            Console.WriteLine(Answers(ScoredSet.Score(set, file.Contract, file.Logits), ScoredSet.Score(set, other.Contract, other.Logits), file.Contract.Temperature));
            return 0;
        }));
        return command;
    }

    /// <summary>The option that says in which precision.</summary>
    /// <param name="standard">Its default; null for none.</param>
    public static Option<string?> Precision(string? standard)
    {
        var option = new Option<string?>("--precision")
        {
            Description = "int8: convolutions and dense layers in 8-bit integers; fp16: everything in 16-bit floats, for GPUs" + (standard is null ? " (default: 32-bit floats)" : ""),
            DefaultValueFactory = _ => standard,
        };
        option.AcceptOnlyFromAmong(ModelPrecision.Names);
        return option;
    }

    private static void Show(IAnsiConsole console, ModelContract contract, byte[] original, byte[] converted)
    {
        var times = WindowTime.Measure(contract, [original, converted], Rounds);
        var table = new Table().Border(TableBorder.Simple).AddColumn("windows a batch, one thread");
        foreach (var title in new[] { "before, µs a window", "after", "times as fast", "windows a second" })
        {
            table.AddColumn(new TableColumn(title).RightAligned());
        }

        for (var i = 0; i < WindowTime.Batches.Length; i++)
        {
            table.AddRow($"{WindowTime.Batches[i]}", $"{times[0][i]:F0}", $"{times[1][i]:F0}", $"{times[0][i] / times[1][i]:F2}", $"{1e6 / times[1][i]:F0}");
        }

        console.Write(table);
    }

    private static string Answers(ScoredSet before, ScoredSet after, double temperature)
    {
        var (old, now) = (Evaluation.Of(before, temperature, before.SetLabels), Evaluation.Of(after, temperature, after.SetLabels));
        var pairs = before.Clips.Zip(after.Clips).SelectMany(clips => before.Rows(clips.First, temperature).Zip(after.Rows(clips.Second, temperature))).ToList();
        var same = pairs.Count(pair => Top(pair.First) == Top(pair.Second));
        var apart = pairs.Average(pair => pair.First.Zip(pair.Second, (a, b) => Math.Abs(a - b)).Max());
        return FormattableString.Invariant(
            $"on this data: clips {old.ClipAccuracy:F3} before, {now.ClipAccuracy:F3} after; the same genre first in {100.0 * same / pairs.Count:F1} % of {pairs.Count} windows; probabilities {apart:F4} apart (mean of the greatest difference)");
    }

    private static int Top(double[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());
}
