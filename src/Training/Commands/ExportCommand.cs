using System.CommandLine;
using System.Globalization;

using Onnx;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Quantization;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary><c>export</c>: from a run folder to an ONNX file with its contract.</summary>
internal static class ExportCommand
{
    private const string Description = """
        Export a run's weights as an ONNX model with its contract in the metadata.

        Examples:
          export runs/first --out model.onnx
          export runs/first --out models/default.onnx --name streamgenre-default --model-version 1.0.0
          export runs/all --out model.onnx --temperature 0.62
          export runs/first --out model.onnx --refit-penalty 1 --odds electronic=1.8
          export runs/first --out model.onnx --refit-penalty 2 --refit-guide artifacts/training/adapted.onnx
          export runs/first --out int8.onnx --precision int8
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "Run folder that train left" };
        var output = new Option<string>("--out") { Description = "The model to write", Required = true };
        var name = new Option<string?>("--name") { Description = "Name in the contract (default: the run's)" };
        var version = new Option<string?>("--model-version") { Description = "Version in the contract (default: the run's)" };
        var trainingData = new Option<string?>("--training-data") { Description = "What the contract says of the training data (default: the run's)" };
        var license = new Option<string?>("--license") { Description = "What the contract says of the licence (default: the run's)" };
        var temperature = new Option<double?>("--temperature") { Description = "What logits are divided by, such as cross-validate finds (default: what the run fitted on its validation sets)" };
        var refit = new Option<double?>("--refit-penalty")
        {
            Description = "Add a logistic regression on the run's clips, with this penalty, to the last layer, and fit the temperature anew on its validation sets",
        };
        var guide = new Option<string?>("--refit-guide")
        {
            Description = "With --refit-penalty: a model that knows the genres by name already, such as adapt --classes makes; the regression begins with what it says, in place of the last layer",
        };
        var odds = new Option<string[]>("--odds")
        {
            Description = "LABEL=FACTOR: multiply a genre's odds; training draws genres evenly, and one that will come more often is heard too seldom; repeat for more",
            AllowMultipleArgumentsPerToken = true,
        };
        var cache = CacheOption.New();
        var raw = new Option<bool>("--raw") { Description = "The last step's weights in place of their moving average" };

        var precision = QuantizeCommand.Precision(null);

        var command = new Command("export", Description) { run, output, name, version, trainingData, license, temperature, refit, guide, odds, precision, cache, raw };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            using var folder = RunFolder.Open(parsed.GetValue(run)!);
            var options = folder.ReadOptions();
            options = options with
            {
                ModelName = parsed.GetValue(name) ?? options.ModelName,
                ModelVersion = parsed.GetValue(version) ?? options.ModelVersion,
                TrainingData = parsed.GetValue(trainingData) ?? options.TrainingData,
                License = parsed.GetValue(license) ?? options.License,
                Temperature = parsed.GetValue(temperature) ?? options.Temperature,
            };
            if (options.Errors() is { Count: > 0 } errors)
            {
                throw new TrainingException(string.Join("; ", errors));
            }

            var labels = folder.ReadLabels();
            var given = (parsed.GetValue(odds) ?? []).Select(text => Odds(text, labels)).ToList();
            if (given.GroupBy(odd => odd.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            {
                throw new TrainingException($"--odds names '{twice.Key}' {twice.Count()} times; once is enough");
            }

            var factors = given.ToDictionary();
            var model = TrainingRun.Export(options, labels, folder.ReadCheckpoint(), parsed.GetValue(raw));
            var path = OutputPath.Prepare("--out", parsed.GetValue(output)!);
            RunData? data = null;
            if (parsed.GetValue(refit) is { } penalty)
            {
                if (!(penalty > 0))
                {
                    throw new TrainingException($"--refit-penalty is {penalty}; it must be above 0");
                }

                var contract = options.Contract(labels, options.Temperature ?? 1);
                using var teacher = parsed.GetValue(guide) is { } file ? Guide(file, contract, parsed.GetValue(cache)!, options.Threads) : null;
                data = await RunData.ReadAsync(options, parsed.GetValue(cache)!, Console.WriteLine, cancellation);
                model = LastLayer.Refit(model, contract, data.Training, teacher, penalty, options.Threads);
                if (options.Temperature is null && data.Validation.Count > 0)
                {
                    AtomicFile.Write(path, model);
                    model = Exporter.WithContract(model, contract with { Temperature = Fit(path, data.Validation) });
                }
            }
            else if (parsed.GetValue(guide) is not null)
            {
                throw new TrainingException("--refit-guide is where the fit of the last layer begins; say how far it may go from there with --refit-penalty");
            }

            if (factors.Count > 0)
            {
                model = LastLayer.MultiplyOdds(model, ContractOf(model), factors);
            }

            if (parsed.GetValue(precision) is { } bits)
            {
                data ??= await RunData.ReadAsync(options, parsed.GetValue(cache)!, Console.WriteLine, cancellation);
                model = ModelPrecision.Convert(model, ContractOf(model), bits, data.Training);
            }

            AtomicFile.Write(path, model);
            Console.WriteLine($"{path}: {model.Length / 1024.0:F0} KiB");
            return 0;
        }));
        return command;
    }

    private static ModelContract ContractOf(byte[] model) => ModelContract.FromMetadata(ModelProto.Parser.ParseFrom(model).MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value));

    private static KeyValuePair<string, double> Odds(string text, IReadOnlyList<string> labels)
    {
        var parts = text.Split('=');
        if (parts.Length != 2 || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) || factor is not (> 0 and <= 1000))
        {
            throw new TrainingException($"--odds is '{text}'; it must be a genre and what its odds are multiplied by, above 0 and at most 1000, such as rock=1.5");
        }

        return labels.Contains(parts[0])
            ? new(parts[0], factor)
            : throw new TrainingException($"--odds names '{parts[0]}', which the run doesn't know; it knows {string.Join(", ", labels)}");
    }

    private static FeatureTeacher Guide(string path, ModelContract contract, string cacheFolder, int threads)
    {
        var guide = new FeatureTeacher(path, contract, cacheFolder, threads);
        if (guide.Genres.All(genre => genre is null))
        {
            guide.Dispose();
            throw new TrainingException($"{path} names no class that means one of {string.Join(", ", contract.Labels)}; adapt --classes writes classes beside the features");
        }

        Console.WriteLine($"guided by {string.Join(", ", contract.Labels.Zip(guide.Genres, (label, genre) => $"{label}: {genre ?? "none"}"))}");
        return guide;
    }

    private static double Fit(string path, IReadOnlyList<(string Name, MelSet Set)> validation)
    {
        using var file = new ModelFile(path);
        var sets = validation.Select(part => ScoredSet.Score(part.Set, file.Contract, file.Logits)).ToList();
        var temperature = Calibration.FitTemperature(sets);
        Console.WriteLine(Calibration.Describe(sets, temperature));
        foreach (var (part, set) in validation.Zip(sets))
        {
            Console.WriteLine(FormattableString.Invariant($"{part.Name}: clips {Evaluation.Of(set, temperature, set.SetLabels).ClipAccuracy:F3}"));
        }

        return temperature;
    }
}
