using System.CommandLine;

using Spectre.Console;

using StreamGenre.Training.Export;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary><c>train</c>: from a list of parts to a run folder with a model.</summary>
internal static class TrainCommand
{
    private const string Description = """
        Train a network on a list of parts and export it with its contract.

        A part is an npz of log-mel levels (genres.txt beside it) or a folder of audio (one sub-folder a genre, or an index.csv with the columns
        file, genre and optionally artist_id and split). Parts' labels are matched by name; the model tells their union apart.
        Recordings by a share of each folder's artists are held back and measured on.

        Every network has its recipe, the settings it was published with; an option that is given replaces one of them.

        Examples:
          train --data train.npz --validate valid.npz
          train --data train.npz --data ../music --validate valid.npz --holdout-artists 0.25 --run runs/first
          train --data ../music --network conv4-small --epochs 20 --seed 3
          train --data ../music --optimizer sgd --momentum 0.9 --schedule cosine --warm-up 0.05 --learning-rate 0.05
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var settings = new RunSettings();
        var run = new Option<string?>("--run") { Description = "Run folder (default: artifacts/training/<time>-<network>)" };
        var cache = new Option<string>("--cache")
        {
            Description = "Folder for cached mel frames of audio",
            DefaultValueFactory = _ => Path.Combine("artifacts", "training", "mel-cache"),
        };

        var command = new Command("train", Description) { run, cache };
        settings.Options.ToList().ForEach(command.Options.Add);
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(() =>
        {
            var options = settings.Read(parsed);
            var folder = parsed.GetValue(run)
                ?? Path.Combine("artifacts", "training", FormattableString.Invariant($"{DateTime.Now:yyyyMMdd-HHmmss}-{options.Network}"));
            return RunAsync(options, folder, parsed.GetValue(cache)!, cancellation);
        }));
        return command;
    }

    private static async Task<int> RunAsync(TrainingRunOptions options, string runFolder, string cacheFolder, CancellationToken cancellation)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new TrainingException(string.Join("; ", errors));
        }

        var network = NetworkCatalog.Find(options.Network);
        async Task<(RunFolder Folder, EpochMetrics Last, bool Completed)> Work(ITrainingProgress progress)
        {
            var data = await RunData.ReadAsync(options, cacheFolder, progress.Note, cancellation);
            var labels = data.Training.Labels;
            var cost = GraphCost.Of(network.Forward(labels.Count, 0), Exporter.ItemShape(options.Contract(labels, 1)));
            progress.Note($"{network.Name}: {cost.Parameters} parameters, {cost.Flops / 1e6:F1} MFLOP a window");
            progress.Note($"training on {string.Join(", ", labels.Zip(data.Training.CountByLabel(), (label, count) => $"{count} {label}"))}");
            var left = RunFolder.Create(runFolder, options, data);
            var (metrics, whole) = await Task.Run(() => new TrainingRun(options, data, left, progress).Run(cancellation), CancellationToken.None);
            return (left, metrics, whole);
        }

        var (folder, last, completed) = Console.IsOutputRedirected
            ? await Work(new LineProgress(Console.Out))
            : await LiveProgress.RunAsync(AnsiConsole.Console, Work);
        Console.WriteLine(LineProgress.Line(last, options.Epochs));
        Console.WriteLine(completed ? $"model: {folder.ModelPath}" : $"cut short after epoch {last.Epoch}; model so far: {folder.ModelPath}");
        return completed ? 0 : CommandErrors.Interrupted;
    }
}
