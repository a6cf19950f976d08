namespace StreamGenre.StreamHost.LoadTest;

/// <summary>One part of a long measurement: whether a server keeps its pace shows in whether parts are alike.</summary>
/// <param name="FromSeconds">When it began, in seconds from the measurement's beginning.</param>
/// <param name="LatencyMs">As <see cref="LoadResult.LatencyMs"/>, of the windows that were due in it; lost ones are left out.</param>
/// <param name="Server">What the server used in it, and its memory at its end.</param>
internal sealed record LoadPart(double FromSeconds, Percentiles LatencyMs, ServerCost Server);
