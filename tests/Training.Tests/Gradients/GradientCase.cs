using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Tests.Gradients;

/// <summary>A function of tensors whose gradients are to be checked.</summary>
/// <param name="Inputs">Shapes of what it is differentiated by.</param>
/// <param name="Function">The function; its result may have any shape.</param>
internal sealed record GradientCase(TensorShape[] Inputs, Func<GraphBuilder, Value[], Value> Function)
{
    /// <summary>Double where ONNX Runtime has the operator's kernel for it, else float.</summary>
    public DataType Type { get; init; } = DataType.Double;

    /// <summary>Where inputs are drawn from; by default ±[0.2, 2], away from the kinks at 0.</summary>
    public Func<Random, double> Draw { get; init; } = random => (random.Next(2) == 0 ? -1 : 1) * (0.2 + (1.8 * random.NextDouble()));

    /// <summary>Draws values at least 0.1 apart within each input, for maxima that a small step must not swap.</summary>
    public bool Distinct { get; init; }

    /// <summary>Half the step of the central difference. Float cases are (piecewise) linear in each input, so a large step costs nothing.</summary>
    public double Epsilon { get => field == 0 ? (Type == DataType.Double ? 1e-5 : 0.04) : field; init; }

    /// <summary>Allowed difference, relative to the larger of 1 and the gradient.</summary>
    public double Tolerance => Type == DataType.Double ? 1e-6 : 2e-3;
}
