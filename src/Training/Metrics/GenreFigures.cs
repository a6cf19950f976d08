namespace StreamGenre.Training.Metrics;

/// <summary>One genre's figures over a set's clips.</summary>
/// <param name="Genre">Its name.</param>
/// <param name="Clips">Its clips.</param>
/// <param name="Precision">See <see cref="LabelMeasures"/>.</param>
/// <param name="Recall">Its clips' accuracy.</param>
/// <param name="RecallInterval">95 %, Wilson; null where it has no clips.</param>
/// <param name="F1">See <see cref="LabelMeasures"/>.</param>
/// <param name="AveragePrecision">See <see cref="BinaryRanking.AveragePrecision"/>.</param>
/// <param name="AveragePrecisionAt10">See <see cref="BinaryRanking.AveragePrecisionAt"/>.</param>
/// <param name="RocAuc">See <see cref="BinaryRanking.RocArea"/>.</param>
internal sealed record GenreFigures(
    string Genre,
    int Clips,
    double Precision,
    double Recall,
    Interval? RecallInterval,
    double F1,
    double? AveragePrecision,
    double? AveragePrecisionAt10,
    double? RocAuc)
{
    /// <summary>All genres of some clips.</summary>
    public static IReadOnlyList<GenreFigures> Of(Predictions clips)
    {
        var matrix = ConfusionMatrix.Of(clips);
        return [.. clips.Labels.Select((genre, label) =>
        {
            var (measures, ranking) = (matrix.Label(label), clips.Ranking(label));
            return new GenreFigures(
                genre,
                measures.Support,
                measures.Precision,
                measures.Recall,
                measures.Support > 0 ? Interval.Wilson(matrix.Counts[label, label], measures.Support) : null,
                measures.F1,
                ranking.AveragePrecision,
                ranking.AveragePrecisionAt(10),
                ranking.RocArea);
        })];
    }
}
