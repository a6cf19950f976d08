using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Runs;

/// <summary>Weights and buffers of a run.</summary>
/// <param name="Average">The moving average of the weights: what is measured and exported; the weights themselves in a run without an average.</param>
/// <param name="Raw">The weights of the last step.</param>
/// <param name="Temperature">What the average's logits are divided by; 1 until the run has ended and fitted it.</param>
internal sealed record Checkpoint(
    IReadOnlyDictionary<string, ParameterTensor> Average, IReadOnlyDictionary<string, ParameterTensor> Raw, double Temperature);
