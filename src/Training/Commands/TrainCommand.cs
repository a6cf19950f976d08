using System.CommandLine;

using Spectre.Console;

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
          train --resume --run runs/first
          train --data ../music --optimizer sgd --momentum 0.9 --schedule cosine --warm-up 0.05 --learning-rate 0.05
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var settings = new RunSettings();
        var execution = new ExecutionSettings("Run folder");
        var list = new Option<bool>("--list") { Description = "Print the networks with their inputs, optimisers and costs", Action = new ListNetworks() };
        var command = new Command("train", Description) { list };
        execution.Options.Concat(settings.Options).ToList().ForEach(command.Options.Add);
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var (cache, every) = (execution.Cache(parsed), execution.CheckpointEvery(parsed));
            if (!execution.Resumes(parsed))
            {
                var options = settings.Read(parsed);
                var folder = execution.Folder(parsed, options.Network);
                return await ShowAsync(options, progress => TrainingRuns.StartAsync(options, folder, cache, every, progress, cancellation));
            }

            execution.RefuseSettings(parsed, settings.Options);
            using var begun = RunFolder.Resume(execution.Folder(parsed, "run"));
            return await ShowAsync(begun.ReadOptions(), progress => TrainingRuns.ResumeAsync(begun, cache, every, progress, cancellation));
        }));
        return command;
    }

    /// <summary>Runs under a live bar, or with plain lines where the output is no terminal, and says where the model is.</summary>
    private static async Task<int> ShowAsync(TrainingRunOptions options, Func<ITrainingProgress, Task<TrainingResult>> work)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new TrainingException(string.Join("; ", errors));
        }

        var result = Console.IsOutputRedirected
            ? await work(new LineProgress(Console.Out, TimeProvider.System))
            : await LiveProgress.RunAsync(AnsiConsole.Console, work);
        Console.WriteLine(result.Completed
            ? $"model: {result.ModelPath}"
            : $"cut short in epoch {result.Last.Epoch}; model so far: {result.ModelPath}; go on with --resume --run {result.Folder}");
        return result.Completed ? 0 : CommandErrors.Interrupted;
    }
}
