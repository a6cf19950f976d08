using System.Collections.Concurrent;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>What batches are gathered with: the clock, how many are out, and batches to use again, whose pinned buffers are made once.</summary>
/// <param name="contract">The model's.</param>
/// <param name="options">How windows are gathered, with nothing left automatic.</param>
/// <param name="counters">The engine's counters.</param>
/// <param name="time">The clock of the longest wait.</param>
internal sealed class Gathering(ModelContract contract, BatchingOptions options, PipelineCounters counters, TimeProvider time) : IDisposable
{
    private readonly ConcurrentBag<GatheredBatch> _spare = [];
    private int _lanesAtWork;
    private volatile Action? _onLaneBack;

    /// <summary>Called whenever a batch has come back, from any thread; null while nobody waits for that.</summary>
    public Action? OnLaneBack
    {
        get => _onLaneBack;
        set => _onLaneBack = value;
    }

    public TimeProvider Time => time;

    /// <summary>An empty batch; <see cref="Deliver"/> brings it back. As many exist as were ever under way at once: the lanes and one.</summary>
    public GatheredBatch Begin() => _spare.TryTake(out var spare) ? spare : new GatheredBatch(contract, options, counters, time);

    /// <summary>How long a batch may wait for more windows; zero or less: it goes now.</summary>
    public TimeSpan Wait(GatheredBatch batch) => batch.Wait(options.Lanes, Volatile.Read(ref _lanesAtWork));

    /// <summary>A batch goes to a lane.</summary>
    public void GoOut() => Interlocked.Increment(ref _lanesAtWork);

    /// <summary>A batch has come back from its lane: its sessions get what is theirs.</summary>
    public void Deliver(GatheredBatch batch)
    {
        batch.Deliver();
        _spare.Add(batch);
        Interlocked.Decrement(ref _lanesAtWork);
        _onLaneBack?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_spare.TryTake(out var batch))
        {
            batch.Dispose();
        }
    }
}
