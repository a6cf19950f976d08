namespace StreamGenre.Training.Metrics;

/// <summary>Precision, recall and their harmonic mean, each 0..1; 0 where a denominator is (scikit-learn's zero_division=0).</summary>
/// <param name="Precision">Of the items heard as the label, the share that are it: TP / (TP + FP).</param>
/// <param name="Recall">Of the label's items, the share heard as it: TP / (TP + FN).</param>
/// <param name="F1">2·TP / (2·TP + FP + FN).</param>
/// <param name="Support">Items of the label.</param>
internal sealed record LabelMeasures(double Precision, double Recall, double F1, int Support)
{
    /// <summary>From counts.</summary>
    /// <param name="right">Items of the label that were heard as it (TP).</param>
    /// <param name="truth">Items of the label (TP + FN).</param>
    /// <param name="heard">Items heard as the label (TP + FP).</param>
    public static LabelMeasures Of(int right, int truth, int heard)
    {
        static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
        return new LabelMeasures(Share(right, heard), Share(right, truth), Share(2.0 * right, truth + heard), truth);
    }
}
