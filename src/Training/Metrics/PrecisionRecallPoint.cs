namespace StreamGenre.Training.Metrics;

/// <summary>A point of a precision-recall curve.</summary>
/// <param name="Recall">Share of the relevant items that were found, 0..1.</param>
/// <param name="Precision">Share of the found items that are relevant, 0..1.</param>
/// <param name="Threshold">Items that score at least this count as found.</param>
internal sealed record PrecisionRecallPoint(double Recall, double Precision, double Threshold);
