namespace StreamGenre.Training.Runs;

/// <summary>How one fold's model does on what the fold held back.</summary>
/// <param name="Fold">1 and up.</param>
/// <param name="Clips">Clips held back.</param>
/// <param name="ClipAccuracy">Share of the clips heard right.</param>
/// <param name="WindowAccuracy">Share of the windows heard right.</param>
internal sealed record FoldMetrics(int Fold, int Clips, double ClipAccuracy, double WindowAccuracy);
