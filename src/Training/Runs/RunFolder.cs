using System.Text.Json;
using System.Text.Json.Serialization;

using StreamGenre.Training.Data;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Runs;

/// <summary>Where a run leaves its work: config.json, labels.json, held-back.txt, metrics.jsonl, checkpoint.npz (readable by numpy), model.onnx.</summary>
internal sealed class RunFolder
{
    private const string AveragePrefix = "average/";
    private const string RawPrefix = "raw/";
    private const string TemperatureName = "temperature";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    private static readonly JsonSerializerOptions Line = new(Indented) { WriteIndented = false };

    private RunFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The exported model.</summary>
    public string ModelPath => In("model.onnx");

    /// <summary>The weights.</summary>
    public string CheckpointPath => In("checkpoint.npz");

    /// <summary>One JSON object an epoch.</summary>
    public string MetricsPath => In("metrics.jsonl");

    /// <summary>Begins a run in a folder that is made where it is missing; one that holds a run is refused.</summary>
    /// <exception cref="TrainingException">The folder holds a run already.</exception>
    public static RunFolder Create(string path, TrainingRunOptions options, RunData data)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        if (File.Exists(folder.In("config.json")))
        {
            throw new TrainingException($"{path} holds a run already; name another folder with --run, or remove it");
        }

        Directory.CreateDirectory(folder.Path);
        File.WriteAllText(folder.In("config.json"), JsonSerializer.Serialize(options, Indented));
        File.WriteAllText(folder.In("labels.json"), JsonSerializer.Serialize(data.Training.Labels, Indented));
        File.WriteAllLines(
            folder.In("held-back.txt"),
            data.Validation.Where(pair => pair.Name == RunData.HeldBackName).SelectMany(pair => pair.Set.Clips).Select(clip => clip.Id));
        return folder;
    }

    /// <summary>Opens a run.</summary>
    /// <exception cref="TrainingException">The folder holds none.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(System.IO.Path.GetFullPath(path));
        return File.Exists(folder.In("config.json")) && File.Exists(folder.CheckpointPath)
            ? folder
            : throw new TrainingException($"{path} holds no training run (config.json and checkpoint.npz)");
    }

    /// <summary>What the run was started with.</summary>
    public TrainingRunOptions ReadOptions() => Read<TrainingRunOptions>("config.json");

    /// <summary>The run's labels.</summary>
    public IReadOnlyList<string> ReadLabels() => Read<string[]>("labels.json");

    /// <summary>Adds a line to metrics.jsonl.</summary>
    public void AddMetrics<T>(T metrics) => File.AppendAllText(MetricsPath, JsonSerializer.Serialize(metrics, Line) + "\n");

    /// <summary>Writes the weights and their average; the file appears whole or not at all.</summary>
    public void WriteCheckpoint(Checkpoint checkpoint)
    {
        static IEnumerable<(string, int[], float[])> Arrays(string prefix, IReadOnlyDictionary<string, ParameterTensor> parameters) =>
            parameters.Values.Select(tensor => (prefix + tensor.Name, Array.ConvertAll(tensor.Shape.ToArray(), length => (int)length), tensor.Values));

        NpzFile.Write(
            CheckpointPath,
            Arrays(AveragePrefix, checkpoint.Average).Concat(Arrays(RawPrefix, checkpoint.Raw)).Append((TemperatureName, [1], [(float)checkpoint.Temperature])));
    }

    /// <summary>Reads the weights and their average.</summary>
    public Checkpoint ReadCheckpoint()
    {
        var file = NpzFile.Read(CheckpointPath);
        Dictionary<string, ParameterTensor> Tensors(string prefix) => file.Names
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(
                name => name[prefix.Length..],
                name => new ParameterTensor(
                    name[prefix.Length..], new TensorShape(Array.ConvertAll(file[name].Shape, length => (long)length)), file[name].ToSingles()));

        return new Checkpoint(Tensors(AveragePrefix), Tensors(RawPrefix), Math.Round(file[TemperatureName].ToSingles()[0], 3));
    }

    private T Read<T>(string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(In(name)), Indented) ?? throw new TrainingException($"{In(name)} is empty");
        }
        catch (JsonException error)
        {
            throw new TrainingException($"{In(name)} is damaged: {error.Message}", error);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
