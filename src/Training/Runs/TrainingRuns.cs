using StreamGenre.Training.Export;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Reports;

namespace StreamGenre.Training.Runs;

/// <summary>Runs from their data to their end: begun anew, or taken up from their folder.</summary>
internal static class TrainingRuns
{
    /// <summary>Begins a run.</summary>
    /// <exception cref="TrainingException">The folder holds a run already, or the data is unusable.</exception>
    public static async Task<TrainingResult> StartAsync(
        TrainingRunOptions options, string runFolder, string cacheFolder, TimeSpan checkpointEvery, ITrainingProgress progress, CancellationToken cancellation)
    {
        RunFolder.EnsureFree(runFolder);
        var data = await RunData.ReadAsync(options, cacheFolder, progress.Note, cancellation);
        using var folder = RunFolder.Create(runFolder, options, data);
        return await RunAsync(options, data, folder, checkpointEvery, progress, cancellation);
    }

    /// <summary>Takes up a run where its last checkpoint stands, in the working folder it was begun in.</summary>
    /// <exception cref="TrainingException">The data isn't what it was.</exception>
    public static async Task<TrainingResult> ResumeAsync(
        RunFolder folder, string cacheFolder, TimeSpan checkpointEvery, ITrainingProgress progress, CancellationToken cancellation)
    {
        var options = folder.ReadOptions();
        var begun = folder.ReadEnvironments()[0];
        if (Directory.Exists(begun.Folder))
        {
            Environment.CurrentDirectory = begun.Folder;
        }

        var here = RunEnvironment.Here(options);
        if (here.DifferencesTo(begun) is { Count: > 0 } differences)
        {
            progress.Note($"the run began elsewhere, so its bits may come out differently ({string.Join("; ", differences)})");
        }

        var data = await RunData.ReadAsync(options, cacheFolder, progress.Note, cancellation);
        folder.Continue(here, data);
        return await RunAsync(options, data, folder, checkpointEvery, progress, cancellation);
    }

    private static async Task<TrainingResult> RunAsync(
        TrainingRunOptions options, RunData data, RunFolder folder, TimeSpan checkpointEvery, ITrainingProgress progress, CancellationToken cancellation)
    {
        var network = NetworkCatalog.Of(options);
        var labels = data.Training.Labels;
        var cost = GraphCost.Of(network.Forward(labels.Count, 0), Exporter.ItemShape(options.Contract(labels, 1)));
        progress.Note($"{network.Name}: {cost.Parameters} parameters, {cost.Flops / 1e6:F1} MFLOP a window");
        progress.Note($"training on {string.Join(", ", labels.Zip(data.Training.CountByLabel(), (label, count) => $"{count} {label}"))}");
        var (last, completed) = await Task.Run(
            () => new TrainingRun(options, data, folder, progress, checkpointEvery).Run(cancellation), CancellationToken.None);
        return new TrainingResult(folder.Path, folder.ModelPath, last, completed);
    }
}
