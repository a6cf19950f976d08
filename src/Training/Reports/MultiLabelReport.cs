using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Reports;

/// <summary>How well each genre is told by itself, where a clip may have several; see <see cref="MultiLabelMeasures"/>.</summary>
/// <param name="Threshold">Genres at or above it count as heard.</param>
/// <param name="MicroF1">Over all decisions.</param>
/// <param name="MacroF1">Mean over genres.</param>
/// <param name="SubsetAccuracy">Share of clips whose genres are exactly theirs.</param>
/// <param name="MeanAveragePrecision">Mean over genres.</param>
/// <param name="MacroRocAuc">Mean over genres.</param>
/// <param name="LabelRankingAveragePrecision">Mean over clips.</param>
/// <param name="Genres">Each genre's; its clips are all that have it, whether it is their main one or not.</param>
internal sealed record MultiLabelReport(
    double Threshold,
    double MicroF1,
    double MacroF1,
    double SubsetAccuracy,
    double? MeanAveragePrecision,
    double? MacroRocAuc,
    double LabelRankingAveragePrecision,
    IReadOnlyList<GenreFigures> Genres)
{
    private const double Half = 0.5;

    /// <summary>Measures a set's clips over its labels.</summary>
    public static MultiLabelReport Of(ScoredSet scored, double temperature)
    {
        var clips = Predictions.OfClips(scored, temperature, scored.SetLabels);
        var relevant = scored.Clips.Select(clip => scored.SetLabels.Select(label => clip.Labels.Contains(label)).ToArray()).ToList();
        var measures = MultiLabelMeasures.Of(clips.Labels, clips.Scores, relevant, Half);
        return new MultiLabelReport(
            Half,
            measures.MicroF1,
            measures.MacroF1,
            measures.SubsetAccuracy,
            measures.MeanAveragePrecision,
            measures.MacroRocArea,
            measures.LabelRankingPrecision,
            [.. measures.PerLabel.Select(label => new GenreFigures(
                label.Label, label.AtThreshold.Support, label.AtThreshold.Precision, label.AtThreshold.Recall, null, label.AtThreshold.F1, label.AveragePrecision, null, label.RocArea))]);
    }
}
