namespace StreamGenre.Training.Metrics;

/// <summary>How well independent probabilities tell which labels an item has, where it may have several or none.</summary>
/// <param name="MicroF1">F1 over all pairs of an item and a label, at the threshold, 0..1.</param>
/// <param name="MacroF1">The mean of the labels' F1 at the threshold, 0..1.</param>
/// <param name="SubsetAccuracy">Share of the items whose labels at the threshold are exactly theirs, 0..1.</param>
/// <param name="MeanAveragePrecision">Mean over labels of <see cref="BinaryRanking.AveragePrecision"/>; null where no label has items.</param>
/// <param name="MacroRocArea">Mean over labels of <see cref="BinaryRanking.RocArea"/>; null where it is defined for none.</param>
/// <param name="LabelRankingPrecision">
/// Label ranking average precision (Tsoumakas, Katakis and Vlahavas 2010): the mean over items of the mean over their labels of the share of theirs among the
/// labels that score at least as high, 0..1; 1 for items with all labels or none. With one label an item it is the mean reciprocal rank.
/// </param>
/// <param name="PerLabel">Each label's measures.</param>
internal sealed record MultiLabelMeasures(
    double MicroF1,
    double MacroF1,
    double SubsetAccuracy,
    double? MeanAveragePrecision,
    double? MacroRocArea,
    double LabelRankingPrecision,
    IReadOnlyList<(string Label, LabelMeasures AtThreshold, double? AveragePrecision, double? RocArea)> PerLabel)
{
    /// <summary>Measures probabilities against the labels the items have.</summary>
    /// <param name="labels">Names.</param>
    /// <param name="probabilities">[items][labels], each 0..1 on its own.</param>
    /// <param name="relevant">[items][labels]: whether the item has the label.</param>
    /// <param name="threshold">Labels at or above it count as heard.</param>
    public static MultiLabelMeasures Of(
        IReadOnlyList<string> labels, IReadOnlyList<double[]> probabilities, IReadOnlyList<bool[]> relevant, double threshold = 0.5)
    {
        var perLabel = labels.Select((name, label) =>
        {
            var (scores, has) = (probabilities.Select(row => row[label]).ToArray(), relevant.Select(row => row[label]).ToArray());
            var ranking = BinaryRanking.Of(scores, has);
            return (name, AtThreshold(scores, has, threshold), ranking.AveragePrecision, ranking.RocArea);
        }).ToList();
        return new MultiLabelMeasures(
            AtThreshold([.. probabilities.SelectMany(row => row)], [.. relevant.SelectMany(row => row)], threshold).F1,
            perLabel.Average(label => label.Item2.F1),
            probabilities.Zip(relevant).Average(item => item.First.Zip(item.Second).All(pair => pair.First >= threshold == pair.Second) ? 1.0 : 0.0),
            perLabel.Average(label => label.AveragePrecision),
            perLabel.Average(label => label.RocArea),
            probabilities.Zip(relevant).Average(item => RankingPrecision(item.First, item.Second)),
            perLabel);
    }

    private static LabelMeasures AtThreshold(double[] scores, bool[] has, double threshold) => LabelMeasures.Of(
        scores.Zip(has).Count(pair => pair.First >= threshold && pair.Second), has.Count(value => value), scores.Count(score => score >= threshold));

    private static double RankingPrecision(double[] row, bool[] has)
    {
        var own = Enumerable.Range(0, row.Length).Where(label => has[label]).ToList();
        return own.Count == 0 || own.Count == row.Length
            ? 1
            : own.Average(label => own.Count(other => row[other] >= row[label]) / (double)row.Count(score => score >= row[label]));
    }
}
