using System.CommandLine;

using Onnx;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Commands;

/// <summary><c>ensemble</c>: several models in one file.</summary>
internal static class EnsembleCommand
{
    private const string Description = """
        Join models into one ONNX file that answers with the mean of their calibrated probabilities and is served like any of them.

        A member is a model, a run folder or the folder of a cross-validation, which stands for the models of its folds at the temperature of their
        out-of-fold answers. Members must have the same front end and labels; differences are listed.

        Examples:
          ensemble runs/one runs/two runs/three --out ensemble.onnx
          ensemble runs/folds --out ensemble.onnx --name streamgenre-ensemble --model-version 1.0.0 --calibrate valid.npz
        """;

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var members = new Argument<string[]>("members") { Description = "Models, run folders or cross-validations", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "The model to write", Required = true };
        var name = new Option<string?>("--name") { Description = "Name in the contract (default: the first member's and -ensemble)" };
        var version = new Option<string?>("--model-version") { Description = "Version in the contract (default: the first member's)" };
        var trainingData = new Option<string?>("--training-data") { Description = "What the contract says of the training data (default: the first member's)" };
        var license = new Option<string?>("--license") { Description = "What the contract says of the licence (default: the first member's)" };
        var calibrate = new Option<string[]>("--calibrate") { Description = "A part to fit the ensemble's own temperature on; repeat for more", DefaultValueFactory = _ => [] };
        var cache = CacheOption.New();

        var command = new Command("ensemble", Description) { members, output, name, version, trainingData, license, calibrate, cache };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            var joined = parsed.GetValue(members)!.SelectMany(Open).ToList();
            var first = joined[0].Contract;
            var contract = first with
            {
                Name = parsed.GetValue(name) ?? $"{first.Name}-ensemble",
                Version = parsed.GetValue(version) ?? first.Version,
                TrainingData = parsed.GetValue(trainingData) ?? first.TrainingData,
                License = parsed.GetValue(license) ?? first.License,
                Temperature = 1,
            };
            var path = OutputPath.Prepare("--out", parsed.GetValue(output)!);
            var model = Ensemble.Join(joined, contract);
            AtomicFile.Write(path, model);
            if (parsed.GetValue(calibrate) is { Length: > 0 } parts)
            {
                var temperature = await FitAsync(path, parts, parsed.GetValue(cache)!, cancellation);
                AtomicFile.Write(path, model = Ensemble.Join(joined, contract with { Temperature = temperature }));
            }

            Console.WriteLine($"{path}: {joined.Count} members, {model.Length / 1024.0:F0} KiB");
            return 0;
        }));
        return command;
    }

    private static IEnumerable<(string Path, ModelProto Model, ModelContract Contract)> Open(string path)
    {
        if (new CrossValidationFolder(path) is { Exists: true } folds)
        {
            var temperature = folds.ReadResult().Temperature;
            return folds.ReadResult().Folds
                .Select(fold => Read(Path.Combine(folds.FoldPath(fold.Fold), "model.onnx")))
                .Select(member => (member.Path, member.Model, member.Contract with { Temperature = temperature }));
        }

        return [Read(RunFolder.IsRun(path) ? Path.Combine(path, "model.onnx") : path)];
    }

    private static (string Path, ModelProto Model, ModelContract Contract) Read(string path)
    {
        using var file = new ModelFile(path);
        return (path, ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)), file.Contract);
    }

    private static async Task<double> FitAsync(string path, string[] parts, string cache, CancellationToken cancellation)
    {
        using var file = new ModelFile(path);
        var reader = new DataReader(file.Contract.Mel, cache, new PartOptions(), Console.WriteLine);
        var sets = new List<ScoredSet>();
        foreach (var part in parts)
        {
            sets.Add(ScoredSet.Score(await reader.ReadAsync(part, cancellation), file.Contract, file.Logits));
        }

        var temperature = Calibration.FitTemperature(sets);
        Console.WriteLine(Calibration.Describe(sets, temperature));
        return temperature;
    }
}
