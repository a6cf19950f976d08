namespace StreamGenre.Training.Graph;

/// <summary>Values of a named tensor, row-major.</summary>
internal sealed record ParameterTensor(string Name, TensorShape Shape, float[] Values);

/// <summary>A tensor that outlives a step: a weight, or a buffer such as a running mean.</summary>
internal sealed class Parameter(Value value, float[] initial, bool trainable, bool decays)
{
    public Value Value { get; } = value;

    public string Name => Value.Name;

    /// <summary>Values at the start, row-major.</summary>
    public float[] Initial { get; } = initial;

    /// <summary>True for a weight that the optimiser moves, false for a buffer.</summary>
    public bool Trainable { get; } = trainable;

    /// <summary>Whether weight decay applies: matrices and kernels, not biases and norms.</summary>
    public bool Decays { get; } = decays;

    /// <summary>For a buffer: the value that the step replaces it with; null when it stays as it is.</summary>
    public Value? Next { get; set; }
}
