namespace StreamGenre.Training.Metrics;

/// <summary>
/// The headline figures of a model on a set, each defined in this one place. Genres are compared over the set's labels; calibration, Brier score and likelihood are of
/// the probabilities over all of the model's labels, as a server gives them; of independent ones each label of each item counts as a statement of its own.
/// </summary>
internal static class FigureSheet
{
    /// <summary>Key of the figure that models are ranked by.</summary>
    public const string ClipAccuracy = "clip_accuracy";

    /// <summary>Measures a set.</summary>
    /// <param name="scored">The set; at least one clip.</param>
    /// <param name="temperature">The contract's.</param>
    /// <param name="withIntervals">Whether to draw 95 % intervals too (a second or so for some hundred clips).</param>
    public static IReadOnlyList<Figure> Of(ScoredSet scored, double temperature, bool withIntervals)
    {
        var all = Enumerable.Range(0, scored.Labels.Count).ToList();
        var (windows, clips, tracks) = (
            Predictions.OfWindows(scored, temperature, scored.SetLabels),
            Predictions.OfClips(scored, temperature, scored.SetLabels),
            Predictions.OfTracks(scored, temperature, scored.SetLabels));
        var (served, servedClips) = (Predictions.OfWindows(scored, temperature, all), Predictions.OfClips(scored, temperature, all));
        var (windowValues, clipValues, trackRight) = (OfWindows(windows, served), OfClips(clips, servedClips), Right(tracks));

        IReadOnlyList<Interval?> windowIntervals = new Interval?[windowValues.Length], clipIntervals = new Interval?[clipValues.Length];
        Interval? Wilson(int right, int items) => withIntervals ? Interval.Wilson(right, items) : null;
        if (withIntervals)
        {
            clipIntervals = Bootstrap.By(scored.Clips.Select(clip => clip.Clip.Group)).Intervals(items => OfClips(clips.Pick(items), servedClips.Pick(items)));

            windowIntervals = Bootstrap.By(scored.Clips.SelectMany(clip => Enumerable.Repeat(clip.Clip.Group, clip.Windows)))
                .Intervals(items => OfWindows(windows.Pick(items), served.Pick(items)));
        }

        // Drawing items with replacement adds to a calibration error's own bias: intervals of it would lie beside it.
        static Figure WithoutInterval(Figure figure) => figure with { Interval = null };
        Figure Window(int index, string key, string name, string meaning, Better better = Better.Higher) =>
            new(key, name, windowValues[index], windowIntervals[index], meaning, better);
        Figure Clip(int index, string key, string name, string meaning, Better better = Better.Higher) =>
            new(key, name, clipValues[index], clipIntervals[index], meaning, better);
        var rolling = RollingVerdict.Of(scored, temperature);
        var rollingRight = rolling.Count(verdict => verdict.Label == verdict.Heard);
        var top3 = (int)Math.Round(clips.TopAccuracy(3) * clips.Truth.Count);
        return
        [
            new(ClipAccuracy, "Clip accuracy", (double)Right(clips) / clips.Truth.Count, Wilson(Right(clips), clips.Truth.Count), "Share of clips whose mean probabilities over all windows are highest at their genre. Misleads where genres are uneven: see macro F1."),
            Window(0, "window_accuracy", "Window accuracy", "The same of single windows. Windows of one clip err together, so their number says little of how sure the figure is."),
            new("track_accuracy", "Track accuracy", (double)trackRight / tracks.Truth.Count, Wilson(trackRight, tracks.Truth.Count), "The same over all clips cut from one recording; equals clip accuracy where each clip is a recording of its own."),
            new("top3_accuracy", "Top-3 accuracy", clips.TopAccuracy(3), Wilson(top3, clips.Truth.Count), "Share of clips whose genre is among the three likeliest. Easy where there are few genres: with four, chance gets 0.75."),
            new("rolling_accuracy", "Rolling accuracy at the end", (double)rollingRight / rolling.Count, Wilson(rollingRight, rolling.Count), "Share of clips whose final rolling top genre, by the server's smoother over the last 30 s and over all of the model's genres, is theirs."),
            Clip(0, "macro_precision", "Macro precision", "Mean over genres of the share of clips heard as the genre that are it."),
            Clip(1, "macro_recall", "Macro recall", "Mean over genres of their clips' accuracy; what clip accuracy would be with as many clips of each."),
            Clip(2, "macro_f1", "Macro F1", "Mean over genres of the harmonic mean of precision and recall: rare genres weigh as much as common ones."),
            Clip(3, "weighted_precision", "Weighted precision", "Macro precision, but each genre weighted by its clips. Recall weighted so is the clip accuracy."),
            Clip(4, "weighted_f1", "Weighted F1", "Macro F1, but each genre weighted by its clips."),
            Clip(5, "mean_average_precision", "mAP", "Mean over genres of the average precision of all clips ranked by the genre's probability. Chance gets the genre's share, so sets of other shares don't compare."),
            Clip(6, "micro_average_precision", "Micro average precision", "Average precision of all pairs of clip and genre in one ranking: are probabilities comparable between genres?"),
            Clip(7, "map_at_10", "MAP@10", "Mean over genres of the average precision of the ten clips ranked highest: what a listener finds on a genre's first page."),
            Clip(8, "macro_roc_auc", "ROC AUC (macro)", "Mean over genres of the probability that a clip of the genre ranks above another. Chance 0.5; kind to rare genres, where mAP is strict."),
            WithoutInterval(Window(1, "calibration_error", "Calibration error of windows", "Mean distance of confidence and accuracy over 15 bins. Biased upwards on few clips, and 0 is also what a model gets that always answers the shares.", Better.Lower)),
            WithoutInterval(Clip(9, "clip_calibration_error", "Calibration error of clips", "The same of the clips' mean probabilities, which are more often right than they are sure: averaging lowers confidence and raises accuracy.", Better.Lower)),
            Window(2, "brier", "Brier score of windows", "Mean squared distance of the probabilities from the truth, 0..2: calibration and decisiveness in one.", Better.Lower),
            Window(3, "negative_log_likelihood", "Negative log likelihood of windows", "Mean of minus the natural logarithm of the true genre's probability; one confident error weighs much.", Better.Lower),
        ];
    }

    private static int Right(Predictions items) => Enumerable.Range(0, items.Truth.Count).Count(item => items.Top(item) == items.Truth[item]);

    private static double?[] OfWindows(Predictions among, Predictions served) =>
    [
        (double)Right(among) / among.Truth.Count,
        ReliabilityDiagram.Of(served).ExpectedError,
        Calibration.Brier(served),
        Calibration.NegativeLogLikelihood(served),
    ];

    private static double?[] OfClips(Predictions among, Predictions served)
    {
        var matrix = ConfusionMatrix.Of(among);
        var rankings = Enumerable.Range(0, among.Labels.Count).Select(among.Ranking).ToList();
        return
        [
            matrix.Macro.Precision,
            matrix.Macro.Recall,
            matrix.Macro.F1,
            matrix.Weighted.Precision,
            matrix.Weighted.F1,
            rankings.Average(ranking => ranking.AveragePrecision),
            among.MicroRanking().AveragePrecision,
            rankings.Average(ranking => ranking.AveragePrecisionAt(10)),
            rankings.Average(ranking => ranking.RocArea),
            ReliabilityDiagram.Of(served).ExpectedError,
        ];
    }
}
