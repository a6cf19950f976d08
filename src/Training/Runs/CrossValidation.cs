using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Reports;

namespace StreamGenre.Training.Runs;

/// <summary>
/// Trains once for each block of artists, without it, and hears each block with the model that has not learnt from it. What has been done is kept: called
/// again on the same folder it goes on where it stood.
/// </summary>
/// <param name="options">What to do.</param>
/// <param name="folder">Where the work is left.</param>
/// <param name="cacheFolder">Where mel frames of audio are kept.</param>
/// <param name="checkpointEvery">Time from one checkpoint to the next.</param>
internal sealed class CrossValidation(CrossValidationOptions options, CrossValidationFolder folder, string cacheFolder, TimeSpan checkpointEvery)
{
    /// <summary>Runs all folds.</summary>
    /// <returns>The pooled figures; null where it was cut short.</returns>
    /// <exception cref="TrainingException">The data can't be read or parted so.</exception>
    public async Task<CrossValidationResult?> RunAsync(ITrainingProgress progress, CancellationToken cancellation)
    {
        var (all, unlabelled) = await ReadAsync(progress, cancellation);
        var scored = new List<ScoredSet>();
        foreach (var (kept, held) in Splits.Folds(all, options.Folds, options.Training.HoldOutSeed))
        {
            var fold = scored.Count + 1;
            progress.Note($"fold {fold} of {options.Folds}: {kept.Clips.Count} clips to learn from, {held.Clips.Count} held back");
            var data = new RunData(kept, [($"fold {fold}", held)]) { Unlabelled = unlabelled };
            var training = options.Training with { Fold = fold - 1, SplitBy = null, HoldOutArtists = 0 };
            var result = await TrainingRuns.StartOrResumeAsync(training, data, folder.FoldPath(fold), cacheFolder, checkpointEvery, progress, cancellation);
            if (!result.Completed)
            {
                return null;
            }

            using var model = new ModelFile(result.ModelPath, training.Threads);
            scored.Add(ScoredSet.Score(held, model.Contract, model.Logits, training.WindowHopSeconds ?? 1));
        }

        var pooled = CrossValidationResult.Of(scored);
        folder.Write(pooled, scored);
        return pooled;
    }

    private async Task<(MelSet All, MelSet? Unlabelled)> ReadAsync(ITrainingProgress progress, CancellationToken cancellation)
    {
        var training = options.Training;
        var reader = new DataReader(training.FrontEnd.Mel, cacheFolder, training.Parts with { Rows = training.Split }, progress.Note);
        var parts = new List<MelSet>();
        foreach (var path in training.Data)
        {
            var part = await reader.ReadAsync(path, cancellation);
            var isAnonymous = part.Clips.All(clip => clip.Group == clip.Id || clip.Group == clip.Track);
            parts.Add(options.WholeParts && isAnonymous ? new MelSet(part.Labels, part.Clips.Select(clip => clip.InGroup(path)).ToList()) : part);
        }

        var unlabelled = new List<MelSet>();
        foreach (var path in training.TeacherUnlabelled)
        {
            unlabelled.Add(await reader.ReadAsync(path, cancellation));
        }

        reader.CheckGenres();
        return (MelSet.Union(parts), unlabelled.Count > 0 ? MelSet.Union(unlabelled) : null);
    }
}
