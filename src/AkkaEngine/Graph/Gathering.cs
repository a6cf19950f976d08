using System.Collections.Concurrent;
using StreamGenre.Stages;
using StreamGenre.Stages.Contract;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>What batches are gathered with: the clock, the counters, and batches to use again, whose pinned buffers are made once.</summary>
/// <param name="contract">The model's.</param>
/// <param name="maxBatch">Most windows in a batch.</param>
/// <param name="counters">The engine's counters.</param>
/// <param name="time">The clock of the longest wait.</param>
internal sealed class Gathering(ModelContract contract, int maxBatch, PipelineCounters counters, TimeProvider time) : IDisposable
{
    private readonly ConcurrentBag<GatheredBatch> _spare = [];

    public PipelineCounters Counters => counters;

    public TimeProvider Time => time;

    /// <summary>An empty batch; <see cref="GatheredBatch.Deliver"/> brings it back. As many exist as were ever under way at once: the lanes and one.</summary>
    public GatheredBatch Begin() => _spare.TryTake(out var spare) ? spare : new GatheredBatch(contract, maxBatch, _spare.Add);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_spare.TryTake(out var batch))
        {
            batch.Dispose();
        }
    }
}
