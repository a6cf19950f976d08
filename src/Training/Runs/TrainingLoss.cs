using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Runs;

/// <summary>
/// What a run makes small: a loss over the labels and, where there are teachers, w·T²·KL(teachers ‖ student) beside (1 − w) of it (Hinton et al. 2015).
/// </summary>
/// <param name="options">The run's.</param>
/// <param name="costs">The cost matrix, in a run with a cost-sensitive loss.</param>
internal sealed class TrainingLoss(TrainingRunOptions options, IReadOnlyList<float>? costs)
{
    private bool HasTeachers => options.Teachers.Count > 0;

    /// <summary>Shape of the targets of a batch: the labels' rows and, below them, the teachers'.</summary>
    public TensorShape TargetShape(int labels) => new((HasTeachers ? 2 : 1) * options.BatchWindows, labels);

    /// <summary>Writes the loss.</summary>
    /// <param name="graph">The training graph.</param>
    /// <param name="logits">[batch, labels].</param>
    /// <param name="targets">As <see cref="TargetShape"/> says; the teachers' rows are logarithms of probabilities.</param>
    public Value Build(GraphBuilder graph, Value logits, Value targets)
    {
        if (!HasTeachers)
        {
            return OverLabels(graph, logits, targets);
        }

        var batch = options.BatchWindows;
        var labels = graph.Slice(targets, [0], [0], [batch]);
        var teachers = graph.Slice(targets, [0], [batch], [2 * batch]);
        var own = graph.Mul(OverLabels(graph, logits, labels), 1 - options.DistillWeight);
        return graph.Add(own, graph.Mul(graph.DistillationLoss(logits, labels, teachers, options.DistillTemperature, weight: 1), options.DistillWeight));
    }

    private Value OverLabels(GraphBuilder graph, Value logits, Value targets) => options.Loss switch
    {
        LossKind.CostSensitive => graph.CostSensitiveCrossEntropy(logits, targets, costs!, options.CostStrength),
        LossKind.MultiLabel => graph.SigmoidCrossEntropy(logits, targets),
        _ => graph.SoftmaxCrossEntropy(logits, targets),
    };
}
