using System.CommandLine;

using Spectre.Console;

using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
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

        Examples:
          train --data train.npz --validate valid.npz
          train --data train.npz --data ../music --validate valid.npz --holdout-artists 0.25 --run runs/first
          train --data ../music --network conv4-small --epochs 20 --seed 3
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var defaults = new TrainingRunOptions();
        var data = new Option<string[]>("--data") { Description = "A part of the training set; repeat for more", Required = true, AllowMultipleArgumentsPerToken = true };
        var validate = new Option<string[]>("--validate") { Description = "A set to measure on; repeat for more", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        var split = new Option<string?>("--split") { Description = "Only rows of this split in folders' index.csv" };
        var holdOut = New("--holdout-artists", "Share of each folder's artists held back from training", defaults.HoldOutArtists);
        var holdOutSeed = New("--holdout-seed", "Seed of the draw of the artists held back", defaults.HoldOutSeed);
        var fold = New("--fold", "Which block of the drawn artists is held back, for cross-validation", defaults.Fold);
        var network = New("--network", $"Architecture: {string.Join("; ", NetworkCatalog.All.Select(n => $"{n.Name} ({n.Description})"))}", defaults.Network);
        var epochs = New("--epochs", "Epochs", defaults.Epochs);
        var epochWindows = New("--epoch-windows", "Windows drawn in an epoch", defaults.EpochWindows);
        var batch = New("--batch", "Windows in a step", defaults.BatchWindows);
        var rate = New("--learning-rate", "Highest rate of the one-cycle schedule", defaults.LearningRate);
        var decay = New("--weight-decay", "AdamW's weight decay", defaults.WeightDecay);
        var dropout = New("--dropout", "Dropout before the last layer", defaults.Dropout);
        var mixup = New("--mixup", "Alpha of mixup; 0 for none", defaults.Augmentation.MixupAlpha);
        var equalizer = New("--eq", "Deviation of the random equaliser, in dB", defaults.Augmentation.EqualizerDecibels);
        var shift = New("--shift", "Farthest random shift along the mel axis, in bins", defaults.Augmentation.ShiftMelBins);
        var noAugmentation = new Option<bool>("--no-augmentation") { Description = "Feed windows as the server would make them, unvaried" };
        var seed = New("--seed", "Seed of weights, batches and dropout", defaults.Seed);
        var smoothing = New("--label-smoothing", "Share of a target that is spread evenly over the labels", defaults.LabelSmoothing);
        var every = New("--validate-every", "Epochs from one look at the validation sets to the next", defaults.ValidateEvery);
        var threads = New("--threads", "Threads of ONNX Runtime; 0 for one per core", defaults.Threads);
        var name = New("--name", "Name in the model's contract", defaults.ModelName);
        var version = New("--model-version", "Version in the model's contract", defaults.ModelVersion);
        var trainingData = new Option<string?>("--training-data") { Description = "What the contract says of the training data (default: the parts' names)" };
        var license = New("--license", "What the contract says of the weights' licence", defaults.License);
        var run = new Option<string?>("--run") { Description = "Run folder (default: artifacts/training/<time>-<network>)" };
        var cache = New("--cache", "Folder for cached mel frames of audio", Path.Combine("artifacts", "training", "mel-cache"));

        var command = new Command("train", Description)
        {
            data, validate, split, holdOut, holdOutSeed, fold, network, epochs, epochWindows, batch, rate, decay, dropout, mixup, equalizer, shift,
            noAugmentation, smoothing, every, seed, threads, name, version, trainingData, license, run, cache,
        };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(() =>
        {
            var augmentation = parsed.GetValue(noAugmentation)
                ? Data.AugmentationOptions.None
                : defaults.Augmentation with
                {
                    MixupAlpha = parsed.GetValue(mixup),
                    EqualizerDecibels = parsed.GetValue(equalizer),
                    ShiftMelBins = parsed.GetValue(shift),
                };
            var options = new TrainingRunOptions
            {
                Network = parsed.GetValue(network)!,
                Data = parsed.GetValue(data)!,
                Validation = parsed.GetValue(validate)!,
                Split = parsed.GetValue(split),
                HoldOutArtists = parsed.GetValue(holdOut),
                HoldOutSeed = parsed.GetValue(holdOutSeed),
                Fold = parsed.GetValue(fold),
                Seed = parsed.GetValue(seed),
                Epochs = parsed.GetValue(epochs),
                EpochWindows = parsed.GetValue(epochWindows),
                BatchWindows = parsed.GetValue(batch),
                LearningRate = parsed.GetValue(rate),
                WeightDecay = parsed.GetValue(decay),
                Dropout = parsed.GetValue(dropout),
                LabelSmoothing = parsed.GetValue(smoothing),
                ValidateEvery = parsed.GetValue(every),
                Threads = parsed.GetValue(threads),
                Augmentation = augmentation,
                ModelName = parsed.GetValue(name)!,
                ModelVersion = parsed.GetValue(version)!,
                TrainingData = parsed.GetValue(trainingData),
                License = parsed.GetValue(license)!,
            };
            var folder = parsed.GetValue(run)
                ?? Path.Combine("artifacts", "training", FormattableString.Invariant($"{DateTime.Now:yyyyMMdd-HHmmss}-{options.Network}"));
            return RunAsync(options, folder, parsed.GetValue(cache)!, cancellation);
        }));
        return command;
    }

    private static Option<T> New<T>(string name, string description, T value) => new(name) { Description = description, DefaultValueFactory = _ => value };

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
            var cost = GraphCost.Of(network.Forward(labels.Count, 0), new TensorShape(1, data.Training.Clips[0].MelBins, options.Contract(labels, 1).PatchFrames));
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
