using StreamGenre.Stages;

namespace StreamGenre.StreamHost.Diagnostics;

/// <summary>What a server has done and used since it started; a snapshot. The difference of two says what the time between them cost.</summary>
internal sealed record ServerStatistics
{
    /// <summary>Processor time of the process, all its threads, in seconds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Memory of the process that is in RAM now, in bytes.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>The managed heap after its last collection, in bytes.</summary>
    public required long HeapBytes { get; init; }

    /// <summary>Managed memory allocated in all, in bytes.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Garbage collections by generation, <c>[3]</c>; a collection of a generation counts for the younger ones too.</summary>
    public required IReadOnlyList<int> Collections { get; init; }

    /// <summary>Time for which collections stopped all threads, in seconds.</summary>
    public required double CollectionPauseSeconds { get; init; }

    /// <summary>Streams open now.</summary>
    public required int OpenStreams { get; init; }

    /// <summary>Windows that got scores.</summary>
    public required long ClassifiedWindows { get; init; }

    /// <summary>Windows under the level gate, not classified.</summary>
    public required long SilentWindows { get; init; }

    /// <summary>Windows dropped under overload.</summary>
    public required long DroppedWindows { get; init; }

    /// <summary>Windows that wait for the model now.</summary>
    public required int QueuedWindows { get; init; }

    /// <summary>Time from PCM bytes to mel windows, over all streams, in seconds.</summary>
    public required double FrontEndSeconds { get; init; }

    /// <summary>Time inside the model, over all lanes, in seconds.</summary>
    public required double InferenceSeconds { get; init; }

    /// <summary>Batches by size: element n counts the batches of n windows.</summary>
    public required IReadOnlyList<long> BatchSizes { get; init; }

    /// <summary>This process at this moment.</summary>
    public static ServerStatistics Take(PipelineStatistics engine) => new()
    {
        CpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
        ResidentBytes = Environment.WorkingSet,
        HeapBytes = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes,
        AllocatedBytes = GC.GetTotalAllocatedBytes(),
        Collections = [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)],
        CollectionPauseSeconds = GC.GetTotalPauseDuration().TotalSeconds,
        OpenStreams = engine.OpenStreams,
        ClassifiedWindows = engine.ClassifiedWindows,
        SilentWindows = engine.SilentWindows,
        DroppedWindows = engine.DroppedWindows,
        QueuedWindows = engine.QueuedWindows,
        FrontEndSeconds = engine.FrontEndTime.TotalSeconds,
        InferenceSeconds = engine.InferenceTime.TotalSeconds,
        BatchSizes = engine.BatchSizes,
    };
}
