using System.Diagnostics;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages;

/// <summary>A stream of the in-box engine: its own work runs on the task that writes, its updates are made on the lane that brings the scores.</summary>
internal sealed class GenreStream : EngineStream
{
    private readonly WindowLine _line;
    private readonly Action<GenreStream> _closed;
    private readonly Queue<MelWindow> _windows = new();
    private long _endTimestamp;

    /// <summary>A stream that is open from here on.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="frontEnd">Bytes to windows.</param>
    /// <param name="batcher">Windows to scores.</param>
    /// <param name="sequence">Scores to updates.</param>
    /// <param name="counters">The pipeline's counters.</param>
    /// <param name="time">The clock of latencies.</param>
    /// <param name="closed">Hears, once, that it is over.</param>
    public GenreStream(
        GenreStreamOptions options,
        SessionFrontEnd frontEnd,
        WindowBatcher batcher,
        UpdateSequence sequence,
        PipelineCounters counters,
        TimeProvider time,
        Action<GenreStream> closed)
        : base(options, frontEnd, sequence, counters, time)
    {
        _closed = closed;
        _line = new WindowLine(batcher, new Sink(this), options.Overload, options.MaxPendingWindows);
    }

    /// <inheritdoc/>
    public override long DroppedWindows => _line.Dropped;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _line.Dispose();
        return base.DisposeAsync();
    }

    /// <inheritdoc/>
    public override void Fail(Exception error) => _line.Fail(error);

    /// <inheritdoc/>
    /// <remarks>Decodes, resamples, makes mel frames and windows here and now, on the caller's task.</remarks>
    protected override ValueTask TakeAsync(ReadOnlyMemory<byte> pcm, long arrival, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        FrontEnd.Push(pcm.Span, _windows);
        Counters.AddFrontEnd(Stopwatch.GetTimestamp() - start);
        return SendWindowsAsync(arrival, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async ValueTask TakeEndAsync(long arrival, CancellationToken cancellationToken)
    {
        _endTimestamp = arrival;
        var start = Stopwatch.GetTimestamp();
        FrontEnd.Complete(_windows);
        Counters.AddFrontEnd(Stopwatch.GetTimestamp() - start);
        await SendWindowsAsync(arrival, cancellationToken);
        _line.End();
    }

    /// <inheritdoc/>
    protected override void OnUpdateRead() => _line.ReleasePlace();

    /// <inheritdoc/>
    protected override void OnFinished(Exception? outcome) => _closed(this);

    private async ValueTask SendWindowsAsync(long arrival, CancellationToken cancellationToken)
    {
        try
        {
            while (_windows.TryDequeue(out var window))
            {
                window.ArrivalTimestamp = arrival;
                if (window.IsSilent)
                {
                    Counters.AddSilent();
                }

                await _line.SendAsync(window, window.IsSilent, cancellationToken);
            }
        }
        finally
        {
            while (_windows.TryDequeue(out var unsent))
            {
                unsent.Dispose();
            }
        }
    }

    /// <summary>The end of the way: what the line brings becomes updates.</summary>
    private sealed class Sink(GenreStream stream) : IWindowSink
    {
        public void OnDone(PendingWindow window) =>
            stream.Publish(stream.Sequence.Next(window.Start, window.End, window.Scores, stream.DroppedWindows, window.ArrivalTimestamp));

        public void OnEnd() => stream.Publish(stream.Sequence.End(stream.AudioTime, stream.DroppedWindows, stream._endTimestamp));

        public void OnFailed(Exception error) => stream.Finish(error, error);
    }
}
