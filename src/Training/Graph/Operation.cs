using Onnx;

namespace StreamGenre.Training.Graph;

/// <summary>
/// A recorded operation, as <see cref="Gradients.Backward"/> sees it. Mostly one ONNX node; batch normalisation in training form stands for the
/// several nodes it is written in.
/// </summary>
/// <param name="type">The operator's name, which picks the gradient rule.</param>
/// <param name="inputs">Inputs in the operator's order; null for an optional one left out.</param>
/// <param name="outputs">Outputs that gradients may arrive at.</param>
/// <param name="attributes">The operator's attributes.</param>
/// <param name="saved">Values of the forward pass kept for the rule.</param>
internal sealed class Operation(
    string type, IReadOnlyList<Value?> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<AttributeProto> attributes, IReadOnlyList<Value> saved)
{
    public string Type { get; } = type;

    public IReadOnlyList<Value?> Inputs { get; } = inputs;

    public IReadOnlyList<Value> Outputs { get; } = outputs;

    public IReadOnlyList<Value> Saved { get; } = saved;

    public long Int(string name, long otherwise = 0) => Find(name)?.I ?? otherwise;

    public float Float(string name, float otherwise = 0) => Find(name)?.F ?? otherwise;

    public long[] Ints(string name) =>
        [.. Find(name)?.Ints ?? throw new InvalidOperationException($"The operation {this} has no attribute '{name}'.")];

    public override string ToString() => $"{Type} -> {Outputs[0]}";

    private AttributeProto? Find(string name) => attributes.FirstOrDefault(attribute => attribute.Name == name);
}
