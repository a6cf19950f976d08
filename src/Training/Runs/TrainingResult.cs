namespace StreamGenre.Training.Runs;

/// <summary>How a run ended.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="ModelPath">The exported model.</param>
/// <param name="Last">The last measurement, of the exported weights.</param>
/// <param name="Completed">False where it was cut short.</param>
internal sealed record TrainingResult(string Folder, string ModelPath, EpochMetrics Last, bool Completed);
