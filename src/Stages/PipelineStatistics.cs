namespace StreamGenre.Stages;

/// <summary>Counters of a pipeline since it was made; a snapshot.</summary>
public sealed record PipelineStatistics
{
    /// <summary>Streams open at this moment.</summary>
    public required int OpenStreams { get; init; }

    /// <summary>Windows that got scores.</summary>
    public required long ClassifiedWindows { get; init; }

    /// <summary>Windows not classified because they were silent.</summary>
    public required long SilentWindows { get; init; }

    /// <summary>Windows dropped under overload.</summary>
    public required long DroppedWindows { get; init; }

    /// <summary>Windows that wait for a lane at this moment.</summary>
    public required int QueuedWindows { get; init; }

    /// <summary>Batches by size: element n counts the batches of n windows; <c>[max batch + 1]</c>.</summary>
    public required IReadOnlyList<long> BatchSizes { get; init; }

    /// <summary>Time spent in decoding, resampling, mel and windowing, over all streams.</summary>
    public required TimeSpan FrontEndTime { get; init; }

    /// <summary>Time spent inside the classifier, over all lanes.</summary>
    public required TimeSpan InferenceTime { get; init; }

    /// <summary>Batches run, whatever their size.</summary>
    public long Batches => BatchSizes.Sum();
}
