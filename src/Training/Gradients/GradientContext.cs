using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>
/// What a gradient rule sees: a recorded operation y = f(x₀, x₁, …) and dL/dy, from which it writes dL/dxᵢ for the inputs that need one.
/// </summary>
internal sealed class GradientContext(GraphBuilder graph, Operation operation, Value?[] outputGradients, Func<Value, bool> needsGradient)
{
    private readonly Value?[] _inputGradients = new Value?[operation.Inputs.Count];

    public GraphBuilder Graph => graph;

    public Operation Operation => operation;

    /// <summary>The first output.</summary>
    public Value Y => operation.Outputs[0];

    /// <summary>dL/dy of the first output.</summary>
    public Value Dy => outputGradients[0] ?? graph.Zeros(Y.Shape);

    public IReadOnlyList<Value?> InputGradients => _inputGradients;

    public Value X(int index) => operation.Inputs[index]
        ?? throw new InvalidOperationException($"The operation {operation} has no input {index}.");

    /// <summary>dL/dy of one of several outputs; null where the loss doesn't depend on it.</summary>
    public Value? OutputGradient(int index) => outputGradients[index];

    /// <summary>Whether a parameter lies behind the input.</summary>
    public bool Needs(int index) => index < operation.Inputs.Count && operation.Inputs[index] is { } input && needsGradient(input);

    /// <summary>Gives dL/dxᵢ, computed only where needed; what broadcasting repeated is summed.</summary>
    public void Give(int index, Func<Value> gradient)
    {
        if (Needs(index))
        {
            _inputGradients[index] = graph.SumTo(gradient(), X(index).Shape);
        }
    }
}
