namespace StreamGenre.Training.Metrics;

/// <summary>
/// Confidence against accuracy over even bins of the highest probability (Guo et al. 2017, arXiv:1706.04599), or, of independent probabilities, of each:
/// where bars lie under the diagonal the model is surer than it should be.
/// </summary>
/// <param name="Bins">From 0 to 1; empty ones too.</param>
internal sealed record ReliabilityDiagram(IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>Bins; 15 as in the source.</summary>
    public const int BinCount = 15;

    /// <summary>
    /// Expected calibration error ECE = Σ_b (n_b / n) · |accuracy_b − confidence_b|, 0..1. It depends on the bins and is biased upwards on few items: two or
    /// three hundred items of a perfectly calibrated model show 0.03 to 0.05.
    /// </summary>
    public double ExpectedError => Bins.Sum(bin => bin.Count * Math.Abs(bin.Accuracy - bin.Confidence)) / Bins.Sum(bin => bin.Count);

    /// <summary>Bins what the predictions state (<see cref="Predictions.Statements"/>) by its probability.</summary>
    public static ReliabilityDiagram Of(Predictions predictions)
    {
        var (counts, confidences, right) = (new int[BinCount], new double[BinCount], new int[BinCount]);
        foreach (var (confidence, isSo) in predictions.Statements())
        {
            var bin = Math.Min(BinCount - 1, (int)(confidence * BinCount));
            counts[bin]++;
            confidences[bin] += confidence;
            right[bin] += isSo ? 1 : 0;
        }

        return new ReliabilityDiagram([.. Enumerable.Range(0, BinCount).Select(bin => new ReliabilityBin(
            (double)bin / BinCount,
            (bin + 1.0) / BinCount,
            counts[bin],
            counts[bin] == 0 ? 0 : confidences[bin] / counts[bin],
            counts[bin] == 0 ? 0 : (double)right[bin] / counts[bin]))]);
    }
}
