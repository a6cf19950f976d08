using System.Text.Json;

namespace StreamGenre.Training.Runs;

/// <summary>
/// Where a run leaves its work: config.json, environment.json, labels.json, data.sha256, held-back.txt, metrics.jsonl, checkpoint.npz (readable by
/// numpy), model.onnx. While a run goes on its folder is locked against other processes; the lock dies with the process, however it ends.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string CheckpointName = "checkpoint.npz";
    private const string ConfigName = "config.json";
    private const string LabelsName = "labels.json";
    private const string EnvironmentName = "environment.json";
    private const string FingerprintName = "data.sha256";

    private readonly FileStream? _lock;

    private RunFolder(string path, bool locked)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (locked)
        {
            _lock = Lock(Directory.CreateDirectory(Path).FullName);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The exported model.</summary>
    public string ModelPath => In("model.onnx");

    /// <summary>What the run is taken up from.</summary>
    public string CheckpointPath => In(CheckpointName);

    /// <summary>One JSON object an epoch.</summary>
    public string MetricsPath => In("metrics.jsonl");

    /// <summary>Whether a folder holds a run.</summary>
    public static bool IsRun(string path) => File.Exists(System.IO.Path.Combine(path, ConfigName));

    /// <summary>Whether a folder holds a run that came to a checkpoint. One that did not has nothing to lose: most likely its options were wrong.</summary>
    public static bool HasBegun(string path) => IsRun(path) && File.Exists(System.IO.Path.Combine(path, CheckpointName));

    /// <summary>Refuses a folder that holds a run with work in it.</summary>
    /// <exception cref="TrainingException">It does.</exception>
    public static void EnsureFree(string path)
    {
        if (HasBegun(path))
        {
            throw new TrainingException($"{path} holds a run already; continue it with --resume --run {path}, or name another folder");
        }
    }

    /// <summary>Begins a run in a folder that is made where it is missing.</summary>
    /// <exception cref="TrainingException">The folder holds a run already, or another process works in it.</exception>
    public static RunFolder Create(string path, TrainingRunOptions options, RunData data)
    {
        var folder = new RunFolder(path, locked: true);
        EnsureFree(path);
        AtomicFile.Write(folder.In(LabelsName), JsonSerializer.SerializeToUtf8Bytes(data.Training.Labels, RunJson.Indented));
        AtomicFile.Write(folder.In(EnvironmentName), JsonSerializer.SerializeToUtf8Bytes<RunEnvironment[]>([RunEnvironment.Here(options)], RunJson.Indented));
        File.WriteAllText(folder.In(FingerprintName), DataFingerprint.Of(data, options.Files));
        File.WriteAllLines(
            folder.In("held-back.txt"),
            data.Validation.Where(pair => pair.Name == RunData.HeldBackName).SelectMany(pair => pair.Set.Clips).Select(clip => clip.Id));

        // Last: a folder with a configuration holds a run.
        AtomicFile.Write(folder.In(ConfigName), JsonSerializer.SerializeToUtf8Bytes(options, RunJson.Indented));
        return folder;
    }

    /// <summary>Opens a run to read it.</summary>
    /// <exception cref="TrainingException">The folder holds none.</exception>
    public static RunFolder Open(string path)
    {
        var folder = new RunFolder(path, locked: false);
        return File.Exists(folder.In(ConfigName)) && File.Exists(folder.CheckpointPath)
            ? folder
            : throw new TrainingException($"{path} holds no training run ({ConfigName} and {CheckpointName})");
    }

    /// <summary>Opens a run to go on with it.</summary>
    /// <exception cref="TrainingException">The folder holds none, or another process works in it.</exception>
    public static RunFolder Resume(string path) => IsRun(path)
        ? new RunFolder(path, locked: true)
        : throw new TrainingException($"{path} holds no run to resume (no {ConfigName}); start one with train --run {path}");

    /// <summary>What the run was started with.</summary>
    public TrainingRunOptions ReadOptions() => Read<TrainingRunOptions>(ConfigName);

    /// <summary>The run's labels.</summary>
    public IReadOnlyList<string> ReadLabels() => Read<string[]>(LabelsName);

    /// <summary>Where the run has been worked on, the beginning first.</summary>
    public IReadOnlyList<RunEnvironment> ReadEnvironments() => Read<RunEnvironment[]>(EnvironmentName);

    /// <summary>Notes that the run is taken up here.</summary>
    /// <param name="here">This machine.</param>
    /// <param name="data">The data as it was read again.</param>
    /// <exception cref="TrainingException">The data isn't what the run began with.</exception>
    public void Continue(RunEnvironment here, RunData data)
    {
        if (File.ReadAllText(In(FingerprintName)) != DataFingerprint.Of(data, ReadOptions().Files))
        {
            throw new TrainingException($"the data of {Path} (or its teachers or costs) has changed since the run began; a resumed run would be neither the old one nor a new one, so start anew");
        }

        AtomicFile.Write(In(EnvironmentName), JsonSerializer.SerializeToUtf8Bytes<RunEnvironment[]>([.. ReadEnvironments(), here], RunJson.Indented));
    }

    /// <summary>Adds a line to metrics.jsonl.</summary>
    public void AddMetrics(EpochMetrics metrics) => File.AppendAllText(MetricsPath, JsonSerializer.Serialize(metrics, RunJson.Line) + "\n");

    /// <summary>
    /// Makes metrics.jsonl hold these epochs: of a process that was killed there may be a torn line, or epochs after the last checkpoint, which are
    /// gone through again.
    /// </summary>
    public void RewriteMetrics(IReadOnlyList<EpochMetrics> epochs) => AtomicFile.Write(MetricsPath, file =>
    {
        foreach (var epoch in epochs)
        {
            JsonSerializer.Serialize(file, epoch, RunJson.Line);
            file.WriteByte((byte)'\n');
        }
    });

    /// <summary>Writes the checkpoint; it appears whole or not at all.</summary>
    public void WriteCheckpoint(Checkpoint checkpoint) => CheckpointFile.Write(CheckpointPath, checkpoint);

    /// <summary>Reads the checkpoint.</summary>
    /// <exception cref="TrainingException">It is missing or damaged.</exception>
    public Checkpoint ReadCheckpoint() => CheckpointFile.Read(CheckpointPath);

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    private static FileStream Lock(string folder)
    {
        try
        {
            // .NET locks the file itself (flock), so the system lets go of it when the process dies.
            return new FileStream(System.IO.Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not DirectoryNotFoundException)
        {
            throw new TrainingException($"another process works on {folder}; wait for it, or name another folder with --run", error);
        }
    }

    private T Read<T>(string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(In(name)), RunJson.Indented) ?? throw new TrainingException($"{In(name)} is empty");
        }
        catch (JsonException error)
        {
            throw new TrainingException($"{In(name)} is damaged: {error.Message}", error);
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
