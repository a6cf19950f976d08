using StreamGenre.Training.Data;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Reports;

namespace StreamGenre.Training.Runs;

/// <summary>Runs from their data to their end: begun anew, or taken up from their folder.</summary>
internal static class TrainingRuns
{
    /// <summary>Begins a run.</summary>
    /// <exception cref="TrainingException">
    /// The folder holds a run already, the device can't be had, a file that the options name is missing, or the data is unusable.
    /// </exception>
    public static async Task<TrainingResult> StartAsync(
        TrainingRunOptions options, string runFolder, string cacheFolder, TimeSpan checkpointEvery, ITrainingProgress progress, CancellationToken cancellation)
    {
        RunFolder.EnsureFree(runFolder);
        TrainingDevice.Find(options.Device);
        if (options.Files.FirstOrDefault(file => !File.Exists(file)) is { } missing)
        {
            throw new TrainingException($"there is no file {missing}");
        }

        var data = await RunData.ReadAsync(options, cacheFolder, progress.Note, cancellation);
        using var folder = RunFolder.Create(runFolder, options, data);
        return await RunAsync(options, data, folder, cacheFolder, checkpointEvery, progress, cancellation);
    }

    /// <summary>Takes up a run where its last checkpoint stands, in the working folder it was begun in.</summary>
    /// <exception cref="TrainingException">The data isn't what it was, or the device can't be had.</exception>
    public static async Task<TrainingResult> ResumeAsync(
        RunFolder folder, string cacheFolder, TimeSpan checkpointEvery, ITrainingProgress progress, CancellationToken cancellation)
    {
        var options = folder.ReadOptions();
        TrainingDevice.Find(options.Device);
        if (folder.ReadEnvironments()[0].Folder is var begun && Directory.Exists(begun))
        {
            Environment.CurrentDirectory = begun;
        }

        var data = await RunData.ReadAsync(options, cacheFolder, progress.Note, cancellation);
        return await ContinueAsync(options, data, folder, cacheFolder, checkpointEvery, progress, cancellation);
    }

    /// <summary>Begins a run on data already read, or takes it up where its folder holds one.</summary>
    /// <exception cref="TrainingException">The folder's run has other data.</exception>
    public static async Task<TrainingResult> StartOrResumeAsync(
        TrainingRunOptions options, RunData data, string runFolder, string cacheFolder, TimeSpan checkpointEvery, ITrainingProgress progress, CancellationToken cancellation)
    {
        if (!RunFolder.HasBegun(runFolder))
        {
            using var fresh = RunFolder.Create(runFolder, options, data);
            return await RunAsync(options, data, fresh, cacheFolder, checkpointEvery, progress, cancellation);
        }

        using var folder = RunFolder.Resume(runFolder);
        return await ContinueAsync(folder.ReadOptions(), data, folder, cacheFolder, checkpointEvery, progress, cancellation);
    }

    private static async Task<TrainingResult> ContinueAsync(
        TrainingRunOptions options, RunData data, RunFolder folder, string cacheFolder, TimeSpan checkpointEvery, ITrainingProgress progress, CancellationToken cancellation)
    {
        var here = RunEnvironment.Here(options);
        if (here.DifferencesTo(folder.ReadEnvironments()[0]) is { Count: > 0 } differences)
        {
            progress.Note($"the run began elsewhere, so its bits may come out differently ({string.Join("; ", differences)})");
        }

        folder.Continue(here, data);
        return await RunAsync(options, data, folder, cacheFolder, checkpointEvery, progress, cancellation);
    }

    private static async Task<TrainingResult> RunAsync(
        TrainingRunOptions options, RunData data, RunFolder folder, string cacheFolder, TimeSpan checkpointEvery, ITrainingProgress progress, CancellationToken cancellation)
    {
        var network = NetworkCatalog.Of(options);
        var labels = data.Training.Labels;
        var cost = GraphCost.Of(network.Forward(labels.Count, 0), Exporter.ItemShape(options.Contract(labels, 1)));
        progress.Note($"{network.Name}: {cost.Parameters} parameters, {cost.Flops / 1e6:F1} MFLOP a window");
        progress.Note(TrainingDevice.Find(options.Device).Description);
        progress.Note($"training on {string.Join(", ", labels.Zip(data.Training.CountByLabel(), (label, count) => $"{count} {label}"))}");
        if (data.Validation.Count == 0)
        {
            progress.Note("nothing is held back: how it hears music that it has not learnt from is not measured; name a set with --validate, or split this one with --split-by");
        }

        var (last, completed) = await Task.Run(
            () => new TrainingRun(options, Prepared(options, data, cacheFolder, progress), folder, progress, checkpointEvery).Run(cancellation), CancellationToken.None);
        return new TrainingResult(folder.Path, folder.ModelPath, last, completed);
    }

    /// <summary>The data as it is drawn from: short clips filled to a window, and heard by the teacher of features where there is one.</summary>
    private static RunData Prepared(TrainingRunOptions options, RunData data, string cacheFolder, ITrainingProgress progress)
    {
        var contract = options.Contract(data.Training.Labels, 1);
        var filled = data with { Training = data.Training.FilledFor(contract), Unlabelled = data.Unlabelled?.FilledFor(contract) };
        if (options.FeatureTeacher is not { } path)
        {
            return filled;
        }

        if (options.FeatureMixtures > 0)
        {
            var mixtures = MixedRecordings.Of(filled.Training, contract.Mel, options.FeatureMixtures, options.Seed);
            filled = filled with { Unlabelled = filled.Unlabelled is { } unlabelled ? MelSet.Union([unlabelled, mixtures]) : mixtures };
        }

        using var teacher = new FeatureTeacher(path, contract, cacheFolder, options.Threads);
        var clips = filled.Training.Clips.Concat(filled.Unlabelled?.Clips ?? []).ToList();
        return filled with { Features = FeatureTargets.Of(clips, teacher, progress.Note) };
    }
}
