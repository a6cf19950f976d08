using System.Collections.Concurrent;
using StreamGenre.Stages;
using StreamGenre.Stages.Contract;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>What batches are gathered with: the clock, the counters, and batches to use again, whose pinned buffers are made once.</summary>
/// <param name="contract">The model's.</param>
/// <param name="maxBatch">Most windows in a batch.</param>
/// <param name="lanes">Batches that can be in the model at once.</param>
/// <param name="counters">The engine's counters.</param>
/// <param name="time">The clock of the longest wait.</param>
internal sealed class Gathering(ModelContract contract, int maxBatch, int lanes, PipelineCounters counters, TimeProvider time) : IDisposable
{
    private readonly ConcurrentBag<GatheredBatch> _spare = [];
    private int _lanesAtWork;
    private volatile Action? _onLaneBack;

    public int Lanes => lanes;

    /// <summary>Batches that are out.</summary>
    public int LanesAtWork => Volatile.Read(ref _lanesAtWork);

    /// <summary>Called whenever a batch has come back, from any thread; null while nobody waits for that.</summary>
    public Action? OnLaneBack
    {
        get => _onLaneBack;
        set => _onLaneBack = value;
    }

    public PipelineCounters Counters => counters;

    public TimeProvider Time => time;

    /// <summary>An empty batch; <see cref="GatheredBatch.Deliver"/> brings it back. As many exist as were ever under way at once: the lanes and one.</summary>
    public GatheredBatch Begin() => _spare.TryTake(out var spare) ? spare : new GatheredBatch(contract, maxBatch, ComeBack);

    /// <summary>A batch goes to a lane.</summary>
    public void GoOut() => Interlocked.Increment(ref _lanesAtWork);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_spare.TryTake(out var batch))
        {
            batch.Dispose();
        }
    }

    private void ComeBack(GatheredBatch batch)
    {
        _spare.Add(batch);
        Interlocked.Decrement(ref _lanesAtWork);
        _onLaneBack?.Invoke();
    }
}
