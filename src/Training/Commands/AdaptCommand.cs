using System.CommandLine;
using System.Diagnostics;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Adapters;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary><c>adapt</c>: lets a pre-trained network hear our windows.</summary>
internal static class AdaptCommand
{
    private const string Description = """
        Train an adapter that lets a pre-trained network hear windows of the default front end, and write both as one ONNX model from windows to features.

        The network takes YAMNet's pictures (96 frames of 64 bands). The adapter learns from audio that goes through both front ends; its result is a
        teacher for train --feature-teacher, with --classes a guide for export --refit-guide, and a backbone for train --network mobilenet --init.

        Once a minute, and on Ctrl+C, a checkpoint is written beside the model; the same command with --resume goes on from there, to the same bits.

        Examples:
          adapt --backbone yamnet.onnx --classes class_map.csv --data ../music --out artifacts/training/adapted.onnx
          adapt --backbone yamnet.onnx --data ../music --out artifacts/training/adapted.onnx --resume
        """;

    // Lines of progress of a whole training.
    private const int ProgressLines = 20;

    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromMinutes(1);

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var defaults = new AdapterOptions();
        var backbone = new Option<string>("--backbone") { Description = "The pre-trained network", Required = true };
        var classes = new Option<string?>("--classes")
        {
            Description = "The network's class map, a CSV file with a column display_name: its scores are written beside the features, for export --refit-guide",
        };
        var data = new Option<string[]>("--data") { Description = "A folder of audio; repeat for more", Required = true, AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "The model to write", Required = true };
        var pictureSteps = New("--picture-steps", "Steps that bring the guessed pictures near the true ones", defaults.PictureSteps);
        var featureSteps = New("--feature-steps", "Steps that bring their features near the true ones'", defaults.FeatureSteps);
        var tuneSteps = New("--tune-steps", "Steps, after those, in which the network learns along; 0 leaves it as it is", defaults.TuneSteps);
        var batch = New("--batch", "Windows in a step", defaults.BatchWindows);
        var rate = New("--learning-rate", "Highest rate", defaults.LearningRate);
        var channels = New("--channels", "Width of the adapter", defaults.Channels);
        var holdOut = New("--holdout-artists", "Share of the artists held back and measured on", defaults.HoldOutArtists);
        var seed = New("--seed", "Seed of weights, windows and the draw of artists", defaults.Seed);
        var threads = New("--threads", "Threads of ONNX Runtime; 0 for one per core", defaults.Threads);
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted training of the same settings" };
        var cache = CacheOption.New();
        var command = new Command("adapt", Description) { backbone, classes, data, output, pictureSteps, featureSteps, tuneSteps, batch, rate, channels, holdOut, seed, threads, resume, cache };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var options = new AdapterOptions
            {
                PictureSteps = parsed.GetValue(pictureSteps),
                FeatureSteps = parsed.GetValue(featureSteps),
                TuneSteps = parsed.GetValue(tuneSteps),
                BatchWindows = parsed.GetValue(batch),
                LearningRate = parsed.GetValue(rate),
                Channels = parsed.GetValue(channels),
                HoldOutArtists = parsed.GetValue(holdOut),
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
            };
            if (options.Errors() is { Count: > 0 } errors)
            {
                throw new TrainingException(string.Join("; ", errors));
            }

            var path = OutputPath.Prepare("--out", parsed.GetValue(output)!);
            var window = new FrontEnd { Normalization = WindowNormalization.None }.Contract("adapter", "0", ["one", "other"]);
            var grid = new AdapterGrid(window, YamnetFrontEnd.Mel, YamnetFrontEnd.Frames);
            var network = OnnxBackbone.Load(parsed.GetValue(backbone)!);
            var names = parsed.GetValue(classes) is { } map ? ClassNames.Read(map, network, grid) : [];
            var read = await AdapterData.ReadAsync(parsed.GetValue(data)!, window, grid, options, Path.GetFullPath(parsed.GetValue(cache)!), Console.WriteLine, cancellation);
            Console.WriteLine($"learning from {read.TrainingCount} recordings, measuring on {read.HeldCount}");
            var settings = new AdapterSettings(network.Path, read.TrainingCount, options);
            var checkpointPath = Path.ChangeExtension(path, ".checkpoint.npz");
            var checkpoint = parsed.GetValue(resume) ? AdapterCheckpoint.Resume(checkpointPath, settings, CheckpointEvery) : new AdapterCheckpoint(checkpointPath, settings, CheckpointEvery);
            var progress = new StepProgress(checkpoint.Steps);
            var (model, quality) = await Task.Run(() => new AdapterTraining(options, network, window, grid, names).Run(read, checkpoint, progress.Show, cancellation), cancellation);
            await File.WriteAllBytesAsync(path, model, cancellation);
            Console.WriteLine(FormattableString.Invariant(
                $"features of artists held back: {quality.Explained:P1} of the variance explained, cosine {quality.Cosine:F3}; {path}: {model.Length / 1024.0:F0} KiB"));
            return 0;
        }));
        return command;
    }

    private static Option<T> New<T>(string name, string description, T value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private sealed class StepProgress(int done)
    {
        private readonly long _begun = Stopwatch.GetTimestamp();

        public void Show(int step, int steps, double loss)
        {
            if (step % Math.Max(1, steps / ProgressLines) == 0)
            {
                var left = Stopwatch.GetElapsedTime(_begun) / (step - done) * (steps - step);
                Console.WriteLine(FormattableString.Invariant($"step {step} of {steps}, loss {loss:F3}, {LineProgress.Text(left)} left"));
            }
        }
    }
}
