using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Optimizers;

/// <summary>
/// Adam (Kingma and Ba 2015, arXiv:1412.6980, algorithm 1): m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
/// w ← w − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε). Weight decay is added to the gradient, g ← g + λw.
/// </summary>
internal record Adam : Optimizer
{
    /// <summary>β₁, decay of the gradient's mean.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂, decay of the gradient's mean square.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε, added to the root of the mean square.</summary>
    public double Epsilon { get; init; } = 1e-8;

    public override IReadOnlyList<string> Slots { get; } = ["adam.mean", "adam.square"];

    public override OptimizerUpdate Update(OptimizerInputs inputs)
    {
        var g = inputs.Graph;
        var gradient = WeightDecay == 0
            ? inputs.Gradient
            : g.Add(inputs.Gradient, g.Mul(g.Mul(inputs.Decays, WeightDecay), inputs.Parameters));
        return Moved(inputs, inputs.Parameters, gradient);
    }

    /// <summary>Adam's move from <paramref name="from"/>.</summary>
    protected OptimizerUpdate Moved(OptimizerInputs inputs, Value from, Value gradient)
    {
        var g = inputs.Graph;
        var mean = g.Add(g.Mul(inputs.Slots[0], Beta1), g.Mul(gradient, 1 - Beta1));
        var square = g.Add(g.Mul(inputs.Slots[1], Beta2), g.Mul(g.Mul(gradient, gradient), 1 - Beta2));

        // In double: 1 − 0.999 has four good digits left in float.
        Value Correction(double beta) => g.Sub(g.DoubleScalar(1), g.Pow(g.DoubleScalar(beta), inputs.Step));
        var stepSize = g.Div(inputs.LearningRate, g.Cast(Correction(Beta1), DataType.Float));
        var deviation = g.Div(g.Sqrt(square), g.Cast(g.Sqrt(Correction(Beta2)), DataType.Float));
        return new OptimizerUpdate(g.Sub(from, g.Div(g.Mul(mean, stepSize), g.Add(deviation, Epsilon))), [mean, square]);
    }
}
