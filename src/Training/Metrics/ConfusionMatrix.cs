namespace StreamGenre.Training.Metrics;

/// <summary>How many items of each label were heard as each.</summary>
/// <param name="Labels">Names, in the order of both axes.</param>
/// <param name="Counts">[true, heard].</param>
internal sealed record ConfusionMatrix(IReadOnlyList<string> Labels, int[,] Counts)
{
    /// <summary>Items.</summary>
    public int Items => Counts.Cast<int>().Sum();

    /// <summary>Share of the items heard as what they are, 0..1.</summary>
    public double Accuracy => Enumerable.Range(0, Labels.Count).Sum(label => Counts[label, label]) / (double)Items;

    /// <summary>The plain mean over the labels that have items: every genre weighs the same, however few its items.</summary>
    public LabelMeasures Macro => Mean(_ => 1);

    /// <summary>The mean weighted by the labels' items. Its recall is the accuracy.</summary>
    public LabelMeasures Weighted => Mean(measures => measures.Support);

    /// <summary>Counts items by their label and their highest score.</summary>
    public static ConfusionMatrix Of(Predictions predictions)
    {
        var counts = new int[predictions.Labels.Count, predictions.Labels.Count];
        for (var item = 0; item < predictions.Truth.Count; item++)
        {
            counts[predictions.Truth[item], predictions.Top(item)]++;
        }

        return new ConfusionMatrix(predictions.Labels, counts);
    }

    /// <summary>One label's measures.</summary>
    public LabelMeasures Label(int label)
    {
        var others = Enumerable.Range(0, Labels.Count);
        return LabelMeasures.Of(Counts[label, label], others.Sum(heard => Counts[label, heard]), others.Sum(truth => Counts[truth, label]));
    }

    private LabelMeasures Mean(Func<LabelMeasures, double> weight)
    {
        var all = Enumerable.Range(0, Labels.Count).Select(Label).Where(measures => measures.Support > 0).ToList();
        var total = all.Sum(weight);
        double Over(Func<LabelMeasures, double> measure) => all.Sum(measures => weight(measures) * measure(measures)) / total;
        return new LabelMeasures(Over(m => m.Precision), Over(m => m.Recall), Over(m => m.F1), all.Sum(m => m.Support));
    }
}
