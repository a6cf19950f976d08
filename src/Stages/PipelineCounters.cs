using System.Diagnostics;

namespace StreamGenre.Stages;

/// <summary>What a pipeline counts; any thread may count and read.</summary>
internal sealed class PipelineCounters(int maxBatch)
{
    private readonly Lock _batches = new();
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

    public void AddSilent() => Interlocked.Increment(ref _silent);

    public void AddDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Counts time in a front end, in <see cref="Stopwatch"/> ticks.</summary>
    public void AddFrontEnd(long ticks) => Interlocked.Add(ref _frontEndTicks, ticks);

    /// <summary>Counts a batch, those of its windows that got scores, and its time in the classifier, in <see cref="Stopwatch"/> ticks.</summary>
    public void AddBatch(int size, int classified, long ticks)
    {
        lock (_batches)
        {
            _batchSizes[size]++;
            _classified += classified;
            _inferenceTicks += ticks;
        }
    }

    /// <summary>All of it at this moment; batches and their windows fit together.</summary>
    public PipelineStatistics Snapshot(int queuedWindows)
    {
        lock (_batches)
        {
            return new()
            {
                OpenStreams = OpenStreams,
                ClassifiedWindows = _classified,
                SilentWindows = Interlocked.Read(ref _silent),
                DroppedWindows = Interlocked.Read(ref _dropped),
                QueuedWindows = queuedWindows,
                BatchSizes = [.. _batchSizes],
                FrontEndTime = Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _frontEndTicks)),
                InferenceTime = Stopwatch.GetElapsedTime(0, _inferenceTicks),
            };
        }
    }
}
