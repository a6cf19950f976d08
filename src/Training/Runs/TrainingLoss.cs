using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Runs;

/// <summary>
/// What a run makes small: a loss over the labels; where there are teachers, w·T²·KL(teachers ‖ student) beside (1 − w) of it (Hinton et al. 2015); and where
/// there is a teacher of features, f times the mean squared difference of the features (FitNets, Romero et al. 2015, arXiv:1412.6550).
/// </summary>
/// <param name="options">The run's.</param>
/// <param name="costs">The cost matrix, in a run with a cost-sensitive loss.</param>
/// <param name="labels">Number of labels.</param>
/// <param name="features">Number of features that are learnt of a teacher; 0 for none.</param>
internal sealed class TrainingLoss(TrainingRunOptions options, IReadOnlyList<float>? costs, int labels, int features = 0)
{
    private bool HasTeachers => options.Teachers.Count > 0;

    /// <summary>Targets of a batch, one behind the other: the labels' rows, the teachers' (logarithms of probabilities), the features'.</summary>
    public TensorShape TargetShape => new(Features.End.Value);

    /// <summary>Where the labels' rows lie in a batch's targets.</summary>
    public Range Labels => ..(options.BatchWindows * labels);

    /// <summary>Where the teachers' rows lie; empty without teachers.</summary>
    public Range Teachers => Labels.End..((HasTeachers ? 2 : 1) * options.BatchWindows * labels);

    /// <summary>Where the features' rows lie; empty without a teacher of features.</summary>
    public Range Features => Teachers.End..(Teachers.End.Value + (options.BatchWindows * features));

    /// <summary>Writes the loss.</summary>
    /// <param name="graph">The training graph.</param>
    /// <param name="logits">[batch, labels].</param>
    /// <param name="targets">As <see cref="TargetShape"/> says.</param>
    /// <exception cref="TrainingException">The network doesn't give the features that are to be learnt.</exception>
    public Value Build(GraphBuilder graph, Value logits, Value targets)
    {
        var truth = Rows(graph, targets, Labels);
        var loss = OverLabels(graph, logits, truth);
        if (HasTeachers)
        {
            var taught = graph.DistillationLoss(logits, truth, Rows(graph, targets, Teachers), options.DistillTemperature, weight: 1);
            loss = graph.Add(graph.Mul(loss, 1 - options.DistillWeight), graph.Mul(taught, options.DistillWeight));
        }

        if (features == 0)
        {
            return loss;
        }

        return graph.Features is { } own && own.Shape[1] == features
            ? graph.Add(loss, graph.Mul(graph.MeanSquaredError(own, Rows(graph, targets, Features)), options.FeatureWeight))
            : throw new TrainingException(
                $"{options.Network} gives {(graph.Features is { } other ? $"{other.Shape[1]} features" : "no features")} and the teacher {features}; of the shipped networks efficient and accurate give 1024");
    }

    private Value Rows(GraphBuilder graph, Value targets, Range range) => graph.Reshape(
        graph.Slice(targets, [0], [range.Start.Value], [range.End.Value]),
        new TensorShape(options.BatchWindows, (range.End.Value - range.Start.Value) / options.BatchWindows));

    private Value OverLabels(GraphBuilder graph, Value logits, Value targets) => options.Loss switch
    {
        LossKind.CostSensitive => graph.CostSensitiveCrossEntropy(logits, targets, costs!, options.CostStrength),
        LossKind.MultiLabel => graph.SigmoidCrossEntropy(logits, targets),
        _ => graph.SoftmaxCrossEntropy(logits, targets),
    };
}
