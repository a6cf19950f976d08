namespace StreamGenre.StreamHost.LoadTest;

/// <summary>What one measurement found.</summary>
internal sealed record LoadResult
{
    /// <summary>Clients.</summary>
    public required int Streams { get; init; }

    /// <summary>Wall time measured, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds of audio a second; null for as fast as it goes.</summary>
    public required double? Speed { get; init; }

    /// <summary>
    /// Milliseconds from when a window's last byte was to be sent to its update's arrival at the client, over the windows of the measured time.
    /// As fast as it goes: from when it was sent. A window that is lost counts with the time for which it was waited for.
    /// </summary>
    public required Percentiles LatencyMs { get; init; }

    /// <summary>Milliseconds by which the sender itself was behind its schedule, the worst of each round; part of the latency.</summary>
    public required Percentiles SendLagMs { get; init; }

    /// <summary>Windows that the server dropped.</summary>
    public required long Dropped { get; init; }

    /// <summary>Windows of the measured time whose update never came.</summary>
    public required long Lost { get; init; }

    /// <summary>Streams whose call failed.</summary>
    public required int FailedStreams { get; init; }

    /// <summary>What the first of them said; null when there is none.</summary>
    public required string? Failure { get; init; }

    /// <summary>What the server used.</summary>
    public required ServerCost Server { get; init; }

    /// <summary>The load generator's own processor time, in seconds.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>A long measurement's parts; empty for a short one.</summary>
    public required IReadOnlyList<LoadPart> Parts { get; init; }

    /// <summary>How long the server took to start; null when it ran already.</summary>
    public ColdStart? ColdStart { get; init; }

    /// <summary>Whether nothing was dropped, lost or failed and the 99th percentile is at most <paramref name="p99Ms"/>.</summary>
    public bool Holds(double p99Ms) => Dropped == 0 && Lost == 0 && FailedStreams == 0 && LatencyMs.Count > 0 && LatencyMs.P99 <= p99Ms;
}
