using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Runs;

/// <summary>What a cross-validation found; written as results.json.</summary>
/// <param name="Folds">Each fold by itself.</param>
/// <param name="Clips">All clips, each heard by the one model that had not learnt from it.</param>
/// <param name="ClipAccuracy">Share of these heard right.</param>
/// <param name="ClipAccuracyInterval">Where it would lie on other artists, at 95 %: a bootstrap over artists (over recordings where no artist is known).</param>
/// <param name="WindowAccuracy">Share of the windows heard right.</param>
/// <param name="FoldDeviation">Standard deviation of the folds' clip accuracies (n − 1): what the choice of the held-back artists and luck do.</param>
/// <param name="PerGenre">Clip accuracy of each genre.</param>
/// <param name="Temperature">The temperature at which the windows' negative log likelihood is least.</param>
/// <param name="CalibrationError">Expected calibration error of windows at this temperature.</param>
/// <param name="UncalibratedError">The same at temperature 1.</param>
internal sealed record CrossValidationResult(
    IReadOnlyList<FoldMetrics> Folds,
    int Clips,
    double ClipAccuracy,
    Interval? ClipAccuracyInterval,
    double WindowAccuracy,
    double FoldDeviation,
    IReadOnlyDictionary<string, double> PerGenre,
    double Temperature,
    double CalibrationError,
    double UncalibratedError)
{
    /// <summary>Pools the folds' answers.</summary>
    /// <param name="folds">What each fold's model gave for what the fold held back.</param>
    public static CrossValidationResult Of(IReadOnlyList<ScoredSet> folds)
    {
        var pooled = ScoredSet.Union(folds);
        var temperature = Calibration.FitTemperature(pooled);
        var evaluation = Evaluation.Of(pooled, temperature, pooled.SetLabels);
        var each = folds
            .Select((fold, i) => (i, Figures: Evaluation.Of(fold, temperature, pooled.SetLabels)))
            .Select(fold => new FoldMetrics(fold.i + 1, fold.Figures.Clips, fold.Figures.ClipAccuracy, fold.Figures.WindowAccuracy))
            .ToList();
        var clips = Predictions.OfClips(pooled, temperature, pooled.SetLabels);
        var interval = Bootstrap.By(pooled.Clips.Select(clip => clip.Clip.Group)).Intervals(items => [clips.Pick(items).TopAccuracy(1)])[0];
        var mean = each.Average(fold => fold.ClipAccuracy);
        return new CrossValidationResult(
            each,
            evaluation.Clips,
            evaluation.ClipAccuracy,
            interval,
            evaluation.WindowAccuracy,
            Math.Sqrt(each.Sum(fold => Math.Pow(fold.ClipAccuracy - mean, 2)) / (each.Count - 1)),
            evaluation.PerGenre,
            temperature,
            Calibration.ExpectedError([pooled], temperature),
            Calibration.ExpectedError([pooled], 1));
    }
}
