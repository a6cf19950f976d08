using System.Diagnostics;

namespace StreamGenre.Stages;

/// <summary>What a pipeline counts; any thread may count and read.</summary>
internal sealed class PipelineCounters(int maxBatch)
{
    private readonly long[] _batchSizes = new long[maxBatch + 1];
    private int _openStreams;
    private long _classified;
    private long _silent;
    private long _dropped;
    private long _frontEndTicks;
    private long _inferenceTicks;

    /// <summary>Streams open now.</summary>
    public int OpenStreams => Volatile.Read(ref _openStreams);

    public void StreamOpened() => Interlocked.Increment(ref _openStreams);

    public void StreamClosed() => Interlocked.Decrement(ref _openStreams);

    public void AddClassified() => Interlocked.Increment(ref _classified);

    public void AddSilent() => Interlocked.Increment(ref _silent);

    public void AddDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Counts time in a front end, in <see cref="Stopwatch"/> ticks.</summary>
    public void AddFrontEnd(long ticks) => Interlocked.Add(ref _frontEndTicks, ticks);

    /// <summary>Counts a batch and its time in the classifier, in <see cref="Stopwatch"/> ticks.</summary>
    public void AddBatch(int size, long ticks)
    {
        Interlocked.Increment(ref _batchSizes[size]);
        Interlocked.Add(ref _inferenceTicks, ticks);
    }

    /// <summary>All of it at this moment.</summary>
    public PipelineStatistics Snapshot(int queuedWindows) => new()
    {
        OpenStreams = OpenStreams,
        ClassifiedWindows = Interlocked.Read(ref _classified),
        SilentWindows = Interlocked.Read(ref _silent),
        DroppedWindows = Interlocked.Read(ref _dropped),
        QueuedWindows = queuedWindows,
        BatchSizes = [.. _batchSizes.Select((_, size) => Interlocked.Read(ref _batchSizes[size]))],
        FrontEndTime = Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _frontEndTicks)),
        InferenceTime = Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _inferenceTicks)),
    };
}
