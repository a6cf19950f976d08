using System.Diagnostics;

namespace StreamGenre.Stages.Inference;

/// <summary>What batches have copied to and from a device, and the time that took. Thread-safe.</summary>
internal sealed class DeviceTraffic
{
    private long _batches;
    private long _bytes;
    private long _copyTicks;
    private long _runTicks;

    /// <summary>Batches that were run.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Bytes copied, both ways, padding included.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Time in copies, summed over the batches in flight.</summary>
    public TimeSpan Copying => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _copyTicks));

    /// <summary>Time in the model, likewise.</summary>
    public TimeSpan Running => Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _runTicks));

    /// <summary>Counts a batch; times in <see cref="Stopwatch"/> ticks.</summary>
    public void Add(long bytes, long copyTicks, long runTicks)
    {
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _copyTicks, copyTicks);
        Interlocked.Add(ref _runTicks, runTicks);
    }
}
