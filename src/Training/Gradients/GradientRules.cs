using System.Collections.Frozen;

namespace StreamGenre.Training.Gradients;

/// <summary>Writes the gradients of one operator's inputs.</summary>
internal delegate void GradientRule(GradientContext context);

/// <summary>The gradient rule of each operator, by the operator's name.</summary>
internal static class GradientRules
{
    private static readonly FrozenDictionary<string, GradientRule> Rules = new Dictionary<string, GradientRule>
    {
        ["Add"] = ArithmeticGradients.Add,
        ["Sub"] = ArithmeticGradients.Sub,
        ["Mul"] = ArithmeticGradients.Mul,
        ["Div"] = ArithmeticGradients.Div,
        ["Pow"] = ArithmeticGradients.Pow,
        ["Neg"] = ArithmeticGradients.Neg,
        ["Exp"] = ArithmeticGradients.Exp,
        ["Log"] = ArithmeticGradients.Log,
        ["Sqrt"] = ArithmeticGradients.Sqrt,
        ["Abs"] = ArithmeticGradients.Abs,
        ["Reciprocal"] = ArithmeticGradients.Reciprocal,
        ["Clip"] = ArithmeticGradients.Clip,
        ["Where"] = ArithmeticGradients.Where,
        ["Cast"] = ArithmeticGradients.Cast,
        ["Identity"] = ArithmeticGradients.Identity,

        ["Relu"] = ActivationGradients.Relu,
        ["LeakyRelu"] = ActivationGradients.LeakyRelu,
        ["Sigmoid"] = ActivationGradients.Sigmoid,
        ["Softplus"] = ActivationGradients.Softplus,
        ["HardSigmoid"] = ActivationGradients.HardSigmoid,
        ["HardSwish"] = ActivationGradients.HardSwish,
        ["Tanh"] = ActivationGradients.Tanh,
        ["Softmax"] = ActivationGradients.Softmax,
        ["LogSoftmax"] = ActivationGradients.LogSoftmax,

        ["Reshape"] = ShapeGradients.Reshape,
        ["Flatten"] = ShapeGradients.Reshape,
        ["Squeeze"] = ShapeGradients.Reshape,
        ["Unsqueeze"] = ShapeGradients.Reshape,
        ["Transpose"] = ShapeGradients.Transpose,
        ["Concat"] = ShapeGradients.Concat,
        ["Split"] = ShapeGradients.Split,
        ["Slice"] = ShapeGradients.Slice,
        ["Pad"] = ShapeGradients.Pad,
        ["Expand"] = ShapeGradients.Expand,

        ["ReduceSum"] = ReductionGradients.ReduceSum,
        ["ReduceMean"] = ReductionGradients.ReduceMean,
        ["ReduceMax"] = ReductionGradients.ReduceMax,
        ["ReduceSumSquare"] = ReductionGradients.ReduceSumSquare,

        ["Gemm"] = MatrixGradients.Gemm,
        ["MatMul"] = MatrixGradients.MatMul,

        ["LSTM"] = RecurrentGradients.Lstm,
        ["GRU"] = RecurrentGradients.Gru,

        ["Conv"] = ConvGradients.Conv,
        ["MaxPool"] = PoolGradients.MaxPool,
        ["AveragePool"] = PoolGradients.AveragePool,
        ["GlobalAveragePool"] = PoolGradients.GlobalAveragePool,
        ["GlobalMaxPool"] = PoolGradients.GlobalMaxPool,
        ["BatchNormalization"] = NormalizationGradients.BatchNormalization,
    }.ToFrozenDictionary();

    /// <summary>Operators that have a rule.</summary>
    public static IReadOnlyCollection<string> Operators => Rules.Keys;

    /// <summary>The rule of an operator; throws by name where there is none.</summary>
    public static GradientRule For(string operatorType) => Rules.TryGetValue(operatorType, out var rule)
        ? rule
        : throw new NotSupportedException(
            $"There is no gradient rule for the operator '{operatorType}': write one and list it in {nameof(GradientRules)}, or keep the operator off the path from parameters to loss.");
}
