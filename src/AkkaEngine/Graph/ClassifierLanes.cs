using System.Collections.Concurrent;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>
/// The classifier's threads. They are their own because the model computes for milliseconds on end, which would starve the pool that actors and
/// the network run on.
/// </summary>
internal sealed class ClassifierLanes : IDisposable
{
    private readonly IGenreClassifier _classifier;

    // Unbounded by itself: SelectAsyncUnordered hands over no more than Count at a time.
    private readonly BlockingCollection<(GatheredBatch Batch, TaskCompletionSource<GatheredBatch> Done)> _work = [];
    private readonly Thread[] _lanes;

    /// <summary>Starts the threads. The classifier stays the caller's.</summary>
    public ClassifierLanes(IGenreClassifier classifier, int count)
    {
        _classifier = classifier;
        _lanes = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            _lanes[i] = new Thread(Run) { IsBackground = true, Name = $"StreamGenre lane {i}" };
            _lanes[i].Start();
        }
    }

    /// <summary>Batches that can be in the model at once.</summary>
    public int Count => _lanes.Length;

    /// <summary>Runs the model on a batch; a failure is noted in the batch and never thrown, so that it ends nobody but the batch's sessions.</summary>
    public Task<GatheredBatch> ClassifyAsync(GatheredBatch batch)
    {
        // The continuation only posts a message to an actor, so it may run on the lane.
        var done = new TaskCompletionSource<GatheredBatch>();
        _work.Add((batch, done));
        return done.Task;
    }

    /// <summary>Finishes what was handed over and ends the threads.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        foreach (var lane in _lanes)
        {
            lane.Join();
        }

        _work.Dispose();
    }

    private void Run()
    {
        foreach (var (batch, done) in _work.GetConsumingEnumerable())
        {
            batch.Classify(_classifier);
            done.SetResult(batch);
        }
    }
}
