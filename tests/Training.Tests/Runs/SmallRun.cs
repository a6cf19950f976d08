using StreamGenre.Training.Data;
using StreamGenre.Training.Reports;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Runs;

/// <summary>A run of a few dozen steps on clips made on the spot, with everything in it that has a state: average, dropout, mixup, two momenta.</summary>
internal static class SmallRun
{
    public static readonly TimeSpan EveryStep = TimeSpan.Zero;
    public static readonly TimeSpan Never = TimeSpan.FromDays(1);

    public static TrainingRunOptions Options { get; } = new()
    {
        Network = "conv4-small",
        Data = ["generated"],
        Epochs = 3,
        EpochWindows = 32,
        BatchWindows = 8,
        ValidateEvery = 2,
        Threads = 1,
        AverageDecay = 0.9,
    };

    /// <summary>Two genres that differ in which bands are loud.</summary>
    public static RunData Data(int seed = 1) => new(Set(seed, 6), [("other", Set(seed + 100, 4))]);

    public static MelSet Set(int seed, int clips) => new(
        ["low", "high"],
        Enumerable.Range(0, clips).Select(i => Clip(seed, i, i % 2)).ToList());

    public static TrainingResult Run(string path, TrainingRunOptions options, RunData data, TimeSpan checkpointEvery, ITrainingProgress? progress = null)
    {
        using var folder = File.Exists(Path.Combine(path, "config.json")) ? RunFolder.Resume(path) : RunFolder.Create(path, options, data);
        var (last, completed) = new TrainingRun(folder.ReadOptions(), data, folder, progress ?? new SilentProgress(), checkpointEvery).Run(CancellationToken.None);
        return new TrainingResult(folder.Path, folder.ModelPath, last, completed);
    }

    /// <summary>What the disk holds at a moment is what a process that is killed at this moment leaves.</summary>
    public static void CopyAsKilled(string run, string copy)
    {
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(run).Where(file => Path.GetFileName(file) != ".lock"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }
    }

    /// <summary>A run's metrics but for the time they took.</summary>
    public static string[] Metrics(string path) => File.ReadAllLines(Path.Combine(path, "metrics.jsonl"))
        .Select(line => System.Text.RegularExpressions.Regex.Replace(line, "\"elapsed_seconds\":[^,]*,", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)))
        .ToArray();

    private static MelClip Clip(int seed, int number, int label)
    {
        var random = new Random((seed * 1000) + number);
        var cells = new float[128 * 60];
        for (var i = 0; i < cells.Length; i++)
        {
            var loud = (i / 60 < 64) == (label == 0);
            cells[i] = (float)(random.Uniform(-30, 0) - (loud ? 0 : 12));
        }

        return new MelClip($"{seed}-{number}", label, $"artist {number / 2}", 128, 60, cells);
    }
}
