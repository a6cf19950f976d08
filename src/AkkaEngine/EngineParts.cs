using StreamGenre.AkkaEngine.Graph;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Inference;

namespace StreamGenre.AkkaEngine;

/// <summary>What the parts of an engine share, and what outlives its graphs.</summary>
internal sealed class EngineParts : IDisposable
{
    private int _disposed;

    /// <summary>Starts the classifier's lanes.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="batching">How windows are gathered. <see cref="BatchingOptions.QueueCapacity"/> says nothing here: windows wait in their own sessions.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidOperationException">With everything wrong with <paramref name="batching"/>.</exception>
    public EngineParts(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time)
    {
        batching = batching.For(classifier);
        Classifier = classifier;
        Time = time;
        Counters = new PipelineCounters(batching.MaxBatch);
        Lanes = new ClassifierLanes(classifier, batching.Lanes);
        Gathering = new Gathering(classifier.Contract, batching, Counters, time);
    }

    /// <summary>The model; the host's, to dispose of after the engine.</summary>
    public IGenreClassifier Classifier { get; }

    /// <summary>The clock of latencies and of the batches' delay.</summary>
    public TimeProvider Time { get; }

    /// <summary>What is counted.</summary>
    public PipelineCounters Counters { get; }

    /// <summary>Windows of all sessions that wait for a batch.</summary>
    public WaitingCount Waiting { get; } = new();

    /// <summary>The streams that are not over.</summary>
    public OpenStreams OpenStreams { get; } = new();

    /// <summary>What batches are gathered with.</summary>
    public Gathering Gathering { get; }

    /// <summary>The classifier's threads.</summary>
    public ClassifierLanes Lanes { get; }

    /// <summary>Waits for what is in the model and ends the lanes.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Lanes.Dispose();
            Gathering.Dispose();
        }
    }
}
