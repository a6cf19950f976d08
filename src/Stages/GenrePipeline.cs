using System.Collections.Concurrent;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;

namespace StreamGenre.Stages;

/// <summary>
/// The in-box engine, and the way of the data, from the bytes of many streams to genres:
/// <code>
/// PcmChunk   Audio/      bytes to mono samples at the model's rate    ┐
/// MelFrame   Mel/        samples to mel bands                         ├ SessionFrontEnd, on the task that writes the bytes
/// MelWindow  Windowing/  frames to windows, one each hop              ┘
/// MelBatch   Batching/   windows of all streams to batches            ┐
/// scores     Inference/  batches to genre scores                      ┘ WindowBatcher, on the lanes' threads
/// GenreUpdate Smoothing/ scores to rolling scores, in order             GenreStream, on the lane that brought the scores
/// </code>
/// </summary>
public sealed class GenrePipeline : IGenreEngine
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
    /// <exception cref="InvalidOperationException">With everything wrong with <paramref name="batching"/>.</exception>
    public GenrePipeline(IGenreClassifier classifier, BatchingOptions batching, TimeProvider time)
    {
        batching = batching.For(classifier);
        _classifier = classifier;
        _time = time;
        _counters = new PipelineCounters(batching.MaxBatch);
        _batcher = new WindowBatcher(classifier, batching, _counters, time);
    }

    /// <inheritdoc/>
    public ModelContract Contract => _classifier.Contract;

    /// <inheritdoc/>
    public string ExecutionProvider => _classifier.ExecutionProvider;

    /// <inheritdoc/>
    public PipelineStatistics Statistics => _counters.Snapshot(_batcher.Queued);

    /// <inheritdoc/>
    public IGenreStream Open(GenreStreamOptions options)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        options.ThrowIfWrong(Contract.Labels);

        // Bytes to windows, on the writer's task ...
        var frontEnd = new SessionFrontEnd(Contract, options.Format, options.WindowHop, options.Silence);

        // ... windows to scores through the batcher, which all streams share; scores to rolling scores, in the order of the audio ...
        var sequence = new UpdateSequence(options, Contract, _time);

        // ... and the stream that joins them.
        var stream = new GenreStream(options, frontEnd, _batcher, sequence, _counters, _time, closed => _open.TryRemove(closed, out _));
        _open[stream] = true;
        if (_disposed)
        {
            stream.Fail(Gone());
        }

        return stream;
    }

    /// <summary>Ends every stream still open with an error and stops the lanes. Complete the streams first to lose nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (var stream in _open.Keys)
        {
            stream.Fail(Gone());
        }

        await _batcher.DisposeAsync();
    }

    private static ObjectDisposedException Gone() => new(nameof(GenrePipeline), "The pipeline is shutting down.");
}
