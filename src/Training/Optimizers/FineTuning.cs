namespace StreamGenre.Training.Optimizers;

/// <summary>How weights of a network trained before are moved.</summary>
/// <param name="Prefix">What the names of those weights begin with.</param>
/// <param name="FrozenSteps">Steps at the beginning in which they stay as they are, while the optimiser's moments already follow their gradients.</param>
/// <param name="Share">Share of each later update that they take, above 0 to 1.</param>
internal sealed record FineTuning(string Prefix, long FrozenSteps, double Share);
