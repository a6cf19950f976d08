namespace StreamGenre.StreamHost.LoadTest;

/// <summary>A server's start, in seconds since its process was started.</summary>
/// <param name="ListeningSeconds">Until it listened.</param>
/// <param name="FirstUpdateSeconds">Until the first update of a first stream was there, whose first window's audio was sent at once.</param>
internal sealed record ColdStart(double ListeningSeconds, double FirstUpdateSeconds);
