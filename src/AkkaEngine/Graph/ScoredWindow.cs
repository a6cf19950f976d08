namespace StreamGenre.AkkaEngine.Graph;

/// <summary>A window with its scores, in the order of the audio, or the end of the stream.</summary>
/// <param name="Start">Audio time at which it begins.</param>
/// <param name="End">Audio time at which it ends.</param>
/// <param name="Scores">The model's scores, <c>[labels]</c>; null for a silent window and at the end.</param>
/// <param name="Arrival">When its last byte came, or when the end was told, in the time provider's timestamps.</param>
/// <param name="IsEnd">Whether the stream ends here.</param>
internal readonly record struct ScoredWindow(TimeSpan Start, TimeSpan End, float[]? Scores, long Arrival, bool IsEnd);
