using StreamGenre.Stages;

namespace StreamGenre.AkkaEngine.Sources;

/// <summary>Audio that the engine fetches by itself: a radio, a device, a file that plays for ever.</summary>
public sealed record PulledAudio
{
    /// <summary>The stream that it is fetched for.</summary>
    public required GenreStreamOptions Stream { get; init; }

    /// <summary>
    /// Connects and reads until the source ends or fails; called again after a pause then. The bytes may be cut anywhere, must stay as they are once
    /// given, and begin with a whole sample at each connection. The token is cancelled when no more is wanted.
    /// </summary>
    public required Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> Connect { get; init; }

    /// <summary>Pause before the first new attempt, 10 ms..<see cref="MaxBackoff"/>; 1 s. It doubles from attempt to attempt.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause, to 1 h; 2 min. A connection that held for <see cref="MinBackoff"/> or longer starts the count again.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Refuses pauses that are not sound.</summary>
    internal void ThrowIfWrong(string parameterName)
    {
        if (MinBackoff < TimeSpan.FromMilliseconds(10) || MinBackoff > MaxBackoff || MaxBackoff > TimeSpan.FromHours(1))
        {
            throw new ArgumentException(
                $"The pauses are {MinBackoff.TotalSeconds:0.###} s to {MaxBackoff.TotalSeconds:0.###} s; they must lie in 0.01..3600 s, the shorter first.",
                parameterName);
        }
    }
}
