namespace StreamGenre.Training.Optimizers;

/// <summary>How weights of a network trained before are moved.</summary>
/// <param name="Prefix">What the names of those weights begin with.</param>
/// <param name="Share">Share of each update that they take, above 0 to 1.</param>
internal sealed record FineTuning(string Prefix, double Share);
