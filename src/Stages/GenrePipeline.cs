using System.Collections.Concurrent;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Stages.Smoothing;

namespace StreamGenre.Stages;

/// <summary>
/// The way of the data, from the bytes of many streams to genres:
/// <code>
/// PcmChunk   Audio/      bytes to mono samples at the model's rate    ┐
/// MelFrame   Mel/        samples to mel bands                         ├ SessionFrontEnd, on the task that writes the bytes
/// MelWindow  Windowing/  frames to windows, one each hop              ┘
/// MelBatch   Batching/   windows of all streams to batches            ┐
/// scores     Inference/  batches to genre scores                      ┘ WindowBatcher, on the lanes' threads
/// GenreUpdate Smoothing/ scores to rolling scores, in order             GenreStream, on the lane that brought the scores
/// </code>
/// </summary>
public sealed class GenrePipeline : IAsyncDisposable
{
    private readonly IGenreClassifier _classifier;
    private readonly TimeProvider _time;
    private readonly PipelineCounters _counters;
    private readonly WindowBatcher _batcher;
    private readonly ConcurrentDictionary<GenreStream, bool> _open = new();
    private volatile bool _disposed;

    /// <summary>Starts the batcher's lanes.</summary>
    /// <param name="classifier">The model; stays the caller's, to dispose of after the pipeline.</param>
    /// <param name="batching">How windows are gathered.</param>
    /// <param name="time">The clock of latencies and of the batcher's delay; audio time is counted in samples.</param>
    /// <exception cref="ArgumentException">With everything wrong with <paramref name="batching"/>.</exception>
    public GenrePipeline(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time)
    {
        batching.ThrowIfWrong(nameof(batching));
        _classifier = classifier;
        _time = time;
        _counters = new PipelineCounters(batching.MaxBatch);
        _batcher = new WindowBatcher(classifier, batching, _counters, time);
    }

    /// <summary>What the model wants and gives.</summary>
    public ModelContract Contract => _classifier.Contract;

    /// <summary>What runs the model.</summary>
    public string ExecutionProvider => _classifier.ExecutionProvider;

    /// <summary>The counters at this moment.</summary>
    public PipelineStatistics Statistics => _counters.Snapshot(_batcher.Queued);

    /// <summary>Opens a stream. Dispose of it when done, whether or not it ended.</summary>
    /// <exception cref="StreamOptionsException">With everything wrong with the options.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline has been disposed of.</exception>
    public GenreStream Open(GenreStreamOptions options)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new StreamOptionsException(errors);
        }

        // Bytes to windows, on the writer's task ...
        var frontEnd = new SessionFrontEnd(Contract, options.Format, options.WindowHop);

        // ... windows to scores through the batcher, which all streams share; scores to rolling scores, in the order of the audio ...
        var smoother = new RollingSmoother(
            options.Smoothing, Contract.Labels.Count, options.WindowHop, sumToOne: Contract.ScoreKind != ScoreKind.IndependentProbabilities);

        // ... and the stream that joins them.
        var stream = new GenreStream(options, Contract, frontEnd, _batcher, smoother, _counters, _time, closed => _open.TryRemove(closed, out _));
        _open[stream] = true;
        if (_disposed)
        {
            stream.Abort(Gone());
        }

        return stream;
    }

    /// <summary>Ends every stream still open with an error and stops the lanes. Complete the streams first to lose nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (var stream in _open.Keys)
        {
            stream.Abort(Gone());
        }

        await _batcher.DisposeAsync();
    }

    private static ObjectDisposedException Gone() => new(nameof(GenrePipeline), "The pipeline is shutting down.");
}
