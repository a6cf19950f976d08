namespace StreamGenre.Training.Metrics;

/// <summary>A bin of a reliability diagram.</summary>
/// <param name="From">Least confidence, inclusive.</param>
/// <param name="To">Greatest, exclusive; the last bin holds 1.</param>
/// <param name="Count">Items whose highest probability lies in the bin.</param>
/// <param name="Confidence">Their mean highest probability; 0 in an empty bin.</param>
/// <param name="Accuracy">Share of them that are right; 0 in an empty bin.</param>
internal sealed record ReliabilityBin(double From, double To, int Count, double Confidence, double Accuracy);
