using System.IO.Compression;
using System.Text.Json;

using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Runs;

/// <summary>
/// Where a cross-validation leaves its work: cross-validation.json, a run folder for each fold (fold-1, fold-2, …), results.json and out-of-fold.npz: for each
/// clip its <c>id</c>, <c>label</c> (an index into <c>genres</c>), <c>fold</c> and number of <c>windows</c>, and the windows' <c>logits</c> one behind the
/// other, as given by the model that had not learnt from the clip.
/// </summary>
/// <param name="path">The folder.</param>
internal sealed class CrossValidationFolder(string path)
{
    private const string ConfigName = "cross-validation.json";
    private const string ResultsName = "results.json";

    /// <summary>The folder.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Whether the folder holds a cross-validation.</summary>
    public bool Exists => File.Exists(In(ConfigName));

    /// <summary>The out-of-fold answers.</summary>
    public string PredictionsPath => In("out-of-fold.npz");

    /// <summary>A fold's run folder.</summary>
    /// <param name="fold">1 and up.</param>
    public string FoldPath(int fold) => In($"fold-{fold}");

    /// <summary>Begins a cross-validation.</summary>
    /// <exception cref="TrainingException">The folder holds one already, or a run.</exception>
    public void Create(CrossValidationOptions options)
    {
        // As with a run: what never came to a checkpoint has nothing to lose.
        if (Exists && Directory.EnumerateDirectories(Path).Any(RunFolder.HasBegun))
        {
            throw new TrainingException($"{Path} holds a cross-validation already; continue it with --resume --run {Path}, or name another folder");
        }

        RunFolder.EnsureFree(Path);
        Directory.CreateDirectory(Path);
        AtomicFile.Write(In(ConfigName), JsonSerializer.SerializeToUtf8Bytes(options, RunJson.Indented));
    }

    /// <summary>What it was started with.</summary>
    /// <exception cref="TrainingException">The folder holds no cross-validation.</exception>
    public CrossValidationOptions ReadOptions() => Exists
        ? JsonSerializer.Deserialize<CrossValidationOptions>(File.ReadAllText(In(ConfigName)), RunJson.Indented)!
        : throw new TrainingException($"{Path} holds no cross-validation (no {ConfigName})");

    /// <summary>What it found.</summary>
    /// <exception cref="TrainingException">It has not ended.</exception>
    public CrossValidationResult ReadResult() => File.Exists(In(ResultsName))
        ? JsonSerializer.Deserialize<CrossValidationResult>(File.ReadAllText(In(ResultsName)), RunJson.Indented)!
        : throw new TrainingException($"the cross-validation in {Path} has not ended; go on with cross-validate --resume --run {Path}");

    /// <summary>Writes what it found.</summary>
    public void Write(CrossValidationResult result, IReadOnlyList<ScoredSet> folds)
    {
        var clips = folds.SelectMany((fold, i) => fold.Clips.Select(clip => (Fold: i + 1, Scored: clip))).ToList();
        var labels = folds[0].Labels;
        var logits = clips.SelectMany(clip => clip.Scored.Logits).ToArray();
        AtomicFile.Write(PredictionsPath, file =>
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
            void Add(string name, Action<Stream> write)
            {
                using var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.NoCompression).Open();
                write(entry);
            }

            Add("genres", entry => NpyArray.Write(entry, labels));
            Add("id", entry => NpyArray.Write(entry, clips.Select(clip => clip.Scored.Clip.Id).ToList()));
            Add("label", entry => NpyArray.Write(entry, clips.Select(clip => clip.Scored.Label).ToArray()));
            Add("fold", entry => NpyArray.Write(entry, clips.Select(clip => clip.Fold).ToArray()));
            Add("windows", entry => NpyArray.Write(entry, clips.Select(clip => clip.Scored.Windows).ToArray()));
            Add("logits", entry => NpyArray.Write(entry, logits, [logits.Length / labels.Count, labels.Count]));
        });
        AtomicFile.Write(In(ResultsName), JsonSerializer.SerializeToUtf8Bytes(result, RunJson.Indented));
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
