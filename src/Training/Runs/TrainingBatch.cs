namespace StreamGenre.Training.Runs;

/// <summary>What one step learns from.</summary>
/// <param name="X">[batch, mels, frames], normalised.</param>
/// <param name="Targets">[batch, targets].</param>
internal sealed record TrainingBatch(float[] X, float[] Targets);
