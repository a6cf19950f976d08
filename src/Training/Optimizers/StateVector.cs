using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Optimizers;

/// <summary>A vector that a step takes in and gives out: parameters one behind the other.</summary>
/// <param name="Name">The graph's input.</param>
/// <param name="Parameters">Whose values it holds, in order.</param>
/// <param name="Start">Values before the first step.</param>
internal sealed record StateVector(string Name, IReadOnlyList<Parameter> Parameters, float[] Start);
