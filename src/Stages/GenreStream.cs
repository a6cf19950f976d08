using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages;

/// <summary>A stream of the in-box engine: its own work runs on the task that writes, its updates are made on the lane that brings the scores.</summary>
public sealed class GenreStream : IGenreStream
{
    private readonly GenreStreamOptions _options;
    private readonly SessionFrontEnd _frontEnd;
    private readonly WindowLine _line;
    private readonly UpdateSequence _sequence;
    private readonly PipelineCounters _counters;
    private readonly TimeProvider _time;
    private readonly Action<GenreStream> _closed;
    private readonly Channel<GenreUpdate> _updates;
    private readonly Queue<MelWindow> _windows = new();
    private readonly TaskCompletionSource<Exception?> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _bytesPerSecond;
    private int _writing;
    private bool _completing;
    private int _isClosed;
    private long _endTimestamp;

    internal GenreStream(
        GenreStreamOptions options,
        SessionFrontEnd frontEnd,
        WindowBatcher batcher,
        UpdateSequence sequence,
        PipelineCounters counters,
        TimeProvider time,
        Action<GenreStream> closed)
    {
        _options = options;
        _frontEnd = frontEnd;
        _sequence = sequence;
        _counters = counters;
        _time = time;
        _closed = closed;
        _bytesPerSecond = options.Format.BytesPerFrame * options.Format.SampleRateHz;

        // A window keeps its place in the line until its update is read, so no more than MaxPendingWindows can lie here, and the last update:
        // a lane that brings scores never waits. Wait mode: an update is never dropped.
        _updates = Channel.CreateBounded<GenreUpdate>(
            new BoundedChannelOptions(options.MaxPendingWindows + 1) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });
        _line = new WindowLine(batcher, new Sink(this), options.Overload, options.MaxPendingWindows);
        Updates = new UpdateReader(_updates.Reader, _line.ReleasePlace);
        counters.StreamOpened();
    }

    /// <inheritdoc/>
    public string StreamId => _options.StreamId;

    /// <inheritdoc/>
    public GenreStreamOptions Options => _options;

    /// <inheritdoc/>
    public ChannelReader<GenreUpdate> Updates { get; }

    /// <inheritdoc/>
    public TimeSpan AudioTime => _frontEnd.AudioTime;

    /// <inheritdoc/>
    public long DroppedWindows => _line.Dropped;

    /// <inheritdoc/>
    /// <remarks>Decodes, resamples, makes mel frames and windows here and now, on the caller's task.</remarks>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken = default)
    {
        EnterWrite();
        try
        {
            ThrowIfFinished();

            // A second of audio at a time, so that a caller who hands over a whole file meets back-pressure like any other.
            while (!pcm.IsEmpty)
            {
                var slice = pcm[..Math.Min(pcm.Length, _bytesPerSecond)];
                pcm = pcm[slice.Length..];
                var arrival = _time.GetTimestamp();
                var start = Stopwatch.GetTimestamp();
                _frontEnd.Push(slice.Span, _windows);
                _counters.AddFrontEnd(Stopwatch.GetTimestamp() - start);
                await SendWindowsAsync(arrival, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        EnterWrite();
        try
        {
            ThrowIfFinished();
            _completing = true;
            if (_frontEnd.PendingBytes > 0)
            {
                var error = new IncompleteSampleException(_frontEnd.PendingBytes, _options.Format.BytesPerFrame);
                _line.Fail(error);
                throw error;
            }

            _endTimestamp = _time.GetTimestamp();
            var start = Stopwatch.GetTimestamp();
            _frontEnd.Complete(_windows);
            _counters.AddFrontEnd(Stopwatch.GetTimestamp() - start);
            await SendWindowsAsync(_endTimestamp, cancellationToken);
            _line.End();
            if (await _finished.Task.WaitAsync(cancellationToken) is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _line.Dispose();
        Finish(new ObjectDisposedException(nameof(GenreStream), "The stream was disposed of."), updatesError: null);
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the stream with an error.</summary>
    internal void Abort(Exception error) => _line.Fail(error);

    private async ValueTask SendWindowsAsync(long arrival, CancellationToken cancellationToken)
    {
        try
        {
            while (_windows.TryDequeue(out var window))
            {
                window.ArrivalTimestamp = arrival;
                if (window.IsSilent)
                {
                    _counters.AddSilent();
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

    private void Publish(GenreUpdate update)
    {
        if (!_updates.Writer.TryWrite(update) && Volatile.Read(ref _isClosed) == 0)
        {
            throw new UnreachableException("An update found no room, though its window held a place for it.");
        }
    }

    private void Finish(Exception? outcome, Exception? updatesError)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        _updates.Writer.TryComplete(updatesError);
        _finished.TrySetResult(outcome);
        _counters.StreamClosed();
        _closed(this);
    }

    private void EnterWrite()
    {
        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            throw new InvalidOperationException("Another write to this stream is in progress; await it first.");
        }
    }

    private void ThrowIfFinished()
    {
        if (_finished.Task is { IsCompleted: true, Result: { } failure })
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        if (_completing)
        {
            throw new InvalidOperationException("The stream was completed; open another for more audio.");
        }
    }

    /// <summary>The end of the way: what the line brings becomes updates.</summary>
    private sealed class Sink(GenreStream stream) : IWindowSink
    {
        public void OnDone(PendingWindow window) =>
            stream.Publish(stream._sequence.Next(window.Start, window.End, window.Scores, stream.DroppedWindows, window.ArrivalTimestamp));

        public void OnEnd()
        {
            stream.Publish(stream._sequence.End(stream.AudioTime, stream.DroppedWindows, stream._endTimestamp));
            stream.Finish(outcome: null, updatesError: null);
        }

        public void OnFailed(Exception error) => stream.Finish(error, error);
    }
}
