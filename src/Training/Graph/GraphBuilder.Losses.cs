namespace StreamGenre.Training.Graph;

/// <content>Losses: each gives one value, the mean over the batch.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>
    /// The mean over rows of −Σ target·log softmax(logits): cross entropy with probability rows as targets, so that label smoothing and mixup
    /// are a matter of the targets.
    /// </summary>
    /// <param name="logits">[batch, classes].</param>
    /// <param name="targets">[batch, classes], rows that sum to 1.</param>
    public Value SoftmaxCrossEntropy(Value logits, Value targets)
    {
        CheckSameShape(logits, targets);
        return Neg(ReduceMean(ReduceSum(Mul(LogSoftmax(logits), targets), [-1], keepDims: false)));
    }

    /// <summary>
    /// Cross entropy plus <paramref name="strength"/> times the expected cost of the answer, the mean over rows of Σᵢⱼ targetᵢ·Cᵢⱼ·softmax(logits)ⱼ
    /// (cost-sensitive regularisation, Galdran et al. 2020, arXiv:2010.00291, eq. 3; the expected cost is Elkan's, IJCAI 2001). Cross entropy alone holds
    /// all wrong answers equal; the cost moves what probability is left towards the wrong answers that matter less.
    /// </summary>
    /// <param name="logits">[batch, classes].</param>
    /// <param name="targets">[batch, classes], rows that sum to 1.</param>
    /// <param name="costs">C, [classes, classes] row-major: what it costs to hear i as j; 0 or more, 0 on the diagonal.</param>
    /// <param name="strength">Weight of the expected cost, 0 or more.</param>
    public Value CostSensitiveCrossEntropy(Value logits, Value targets, IReadOnlyList<float> costs, double strength = 1)
    {
        CheckSameShape(logits, targets);
        var classes = logits.Shape[1];
        if (costs.Count != classes * classes)
        {
            throw new ArgumentException($"{costs.Count} costs for {classes} classes; a cost matrix has a row and a column for each class, {classes * classes} numbers.", nameof(costs));
        }

        for (var i = 0; i < costs.Count; i++)
        {
            var isDiagonal = i / classes == i % classes;
            if (!float.IsFinite(costs[i]) || costs[i] < 0 || (isDiagonal && costs[i] != 0))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"The cost in row {i / classes}, column {i % classes} is {costs[i]}; costs are finite, 0 or more, and 0 on the diagonal."),
                    nameof(costs));
            }
        }

        if (strength is not (>= 0 and < double.PositiveInfinity))
        {
            throw new ArgumentOutOfRangeException(nameof(strength), strength, "The weight of the expected cost is 0 or more.");
        }

        var rowCosts = Gemm(targets, Constant(new TensorShape(classes, classes), costs.ToArray()));
        var expected = ReduceMean(ReduceSum(Mul(rowCosts, Softmax(logits)), [-1], keepDims: false));
        return Add(SoftmaxCrossEntropy(logits, targets), Mul(expected, strength));
    }

    /// <summary>
    /// Each label a yes or no of its own: the mean over rows and labels of −t·ln σ(x) − (1 − t)·ln(1 − σ(x)), written as ln(1 + eˣ) − t·x, which neither
    /// overflows nor loses digits (PyTorch's BCEWithLogitsLoss).
    /// </summary>
    /// <param name="logits">[batch, labels].</param>
    /// <param name="targets">[batch, labels], each 0..1.</param>
    public Value SigmoidCrossEntropy(Value logits, Value targets)
    {
        CheckSameShape(logits, targets);
        return ReduceMean(Sub(Softplus(logits), Mul(targets, logits)));
    }

    /// <summary>
    /// Learning from a teacher (Hinton et al. 2015, arXiv:1503.02531): (1 − w)·cross entropy with the targets + w·T²·KL(q ‖ p), the mean over rows, where
    /// q = softmax(teacher/T) and p = softmax(logits/T). T² keeps the gradient's size when T changes.
    /// </summary>
    /// <param name="logits">The student's, [batch, classes].</param>
    /// <param name="targets">[batch, classes], rows that sum to 1.</param>
    /// <param name="teacher">The teacher's logits, or the logarithms of its probabilities, [batch, classes].</param>
    /// <param name="temperature">T, above 0: the higher, the more of the teacher's small probabilities is learned.</param>
    /// <param name="weight">w, 0..1.</param>
    public Value DistillationLoss(Value logits, Value targets, Value teacher, double temperature = 2, double weight = 0.5)
    {
        CheckSameShape(logits, teacher);
        if (temperature is not (> 0 and < double.PositiveInfinity))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature is above 0.");
        }

        if (weight is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The teacher's weight is 0..1.");
        }

        var q = LogSoftmax(Mul(teacher, 1 / temperature));
        var p = LogSoftmax(Mul(logits, 1 / temperature));
        var divergence = ReduceMean(ReduceSum(Mul(Exp(q), Sub(q, p)), [-1], keepDims: false));
        return Add(Mul(SoftmaxCrossEntropy(logits, targets), 1 - weight), Mul(divergence, weight * temperature * temperature));
    }

    /// <summary>The mean over all values of (x − target)², as for an auxiliary head that learns a teacher's embedding.</summary>
    public Value MeanSquaredError(Value x, Value targets)
    {
        CheckSameShape(x, targets);
        var difference = Sub(x, targets);
        return ReduceMean(Mul(difference, difference));
    }

    private static void CheckSameShape(Value x, Value targets)
    {
        if (!x.Shape.Equals(targets.Shape))
        {
            throw new ArgumentException($"The targets {targets} and the answers {x} differ in shape.", nameof(targets));
        }
    }
}
