namespace StreamGenre.Training.Optimizers;

/// <summary>A copy of a training session's state.</summary>
/// <param name="Steps">Steps taken.</param>
/// <param name="Vectors">The state vectors by name.</param>
internal sealed record TrainingState(int Steps, IReadOnlyDictionary<string, float[]> Vectors);
