using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Smoothing;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages;

/// <summary>
/// One stream: write its audio, read its updates, complete it. One task writes (calls to <see cref="WriteAsync"/> and
/// <see cref="CompleteAsync"/> one after the other), another may read <see cref="Updates"/> meanwhile, and under
/// <see cref="OverloadPolicy.Block"/> it must: unread updates hold the writer up.
/// </summary>
public sealed class GenreStream : IAsyncDisposable
{
    private readonly GenreStreamOptions _options;
    private readonly ModelContract _contract;
    private readonly SessionFrontEnd _frontEnd;
    private readonly WindowLine _line;
    private readonly RollingSmoother _smoother;
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
    private long _sequence;
    private TimeSpan _lastEnd;

    internal GenreStream(
        GenreStreamOptions options,
        ModelContract contract,
        SessionFrontEnd frontEnd,
        WindowBatcher batcher,
        RollingSmoother smoother,
        PipelineCounters counters,
        TimeProvider time,
        Action<GenreStream> closed)
    {
        _options = options;
        _contract = contract;
        _frontEnd = frontEnd;
        _smoother = smoother;
        _counters = counters;
        _time = time;
        _closed = closed;
        _bytesPerSecond = options.Format.BytesPerFrame * options.Format.SampleRateHz;

        // A window keeps its place in the line until its update is read, so no more than MaxPendingWindows can lie here, and the last update:
        // a lane that brings scores never waits. Wait mode: an update is never dropped.
        _updates = Channel.CreateBounded<GenreUpdate>(
            new BoundedChannelOptions(options.MaxPendingWindows + 1) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });
        _line = new WindowLine(batcher, new Sink(this), options.Overload, options.MaxPendingWindows);
        Updates = new UpdateReader(_updates.Reader, _line);
        counters.StreamOpened();
    }

    /// <summary>The stream's id.</summary>
    public string StreamId => _options.StreamId;

    /// <summary>Its settings.</summary>
    public GenreStreamOptions Options => _options;

    /// <summary>
    /// Updates in the order of the audio, one a window; the last has <see cref="StreamState.Ended"/>. It completes after that one, with the
    /// error when the stream fails, and without an ended update when it is disposed of early.
    /// </summary>
    public ChannelReader<GenreUpdate> Updates { get; }

    /// <summary>Audio received so far, in whole samples.</summary>
    public TimeSpan AudioTime => _frontEnd.AudioTime;

    /// <summary>Windows dropped under overload so far.</summary>
    public long DroppedWindows => _line.Dropped;

    /// <summary>
    /// Takes audio: decodes, resamples, makes mel frames and windows here and now, then hands each finished window on, waiting for room
    /// under <see cref="OverloadPolicy.Block"/>. The bytes may be cut anywhere and are not kept. A cancelled write ends the stream.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another call is in progress, or the stream was completed.</exception>
    /// <exception cref="ClassificationException">The stream's windows can't be classified; it is over.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed of.</exception>
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

    /// <summary>
    /// Ends the audio: flushes what the front end holds, and returns when the last update has been made. Nothing that was accepted is lost.
    /// </summary>
    /// <exception cref="IncompleteSampleException">The audio ends inside a sample; the stream ends with this error.</exception>
    /// <exception cref="InvalidOperationException">Another call is in progress, or the stream was completed already.</exception>
    /// <exception cref="ClassificationException">The stream's windows can't be classified.</exception>
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

    /// <summary>Gives the stream up if it has not ended; updates already made can still be read.</summary>
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
                var silent = window.LevelDbfs < _options.SilenceDbfs;
                if (silent)
                {
                    _counters.AddSilent();
                }

                await _line.SendAsync(window, silent, cancellationToken);
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

    private void Publish(TimeSpan start, TimeSpan end, float[]? scores, ReadOnlySpan<float> rolling, StreamState state, long since)
    {
        var update = new GenreUpdate
        {
            StreamId = StreamId,
            Sequence = ++_sequence,
            WindowStart = start,
            WindowEnd = end,
            WindowScores = scores,
            RollingScores = rolling.ToArray(),
            TopGenre = rolling.IsEmpty ? "" : _contract.Labels[TensorPrimitives.IndexOfMax(rolling)],
            State = state,
            SmoothedDuration = _smoother.SmoothedDuration,
            DroppedWindows = _line.Dropped,
            ProcessingLatency = _time.GetElapsedTime(since),
            Model = _contract,
        };
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
        public void OnDone(PendingWindow window)
        {
            var rolling = window.Scores is { } scores ? stream._smoother.Add(window.Start, window.End, scores) : stream._smoother.Skip(window.End);
            var state = window.Scores is null ? StreamState.Silent : stream._smoother.IsWarm ? StreamState.Live : StreamState.WarmingUp;
            stream._lastEnd = window.End;
            stream.Publish(window.Start, window.End, window.Scores, rolling, state, window.ArrivalTimestamp);
        }

        public void OnEnd()
        {
            // Resampled audio may reach a fraction of a sample beyond the audio that came in; time does not go back for that.
            var end = stream.AudioTime > stream._lastEnd ? stream.AudioTime : stream._lastEnd;
            stream.Publish(end, end, null, stream._smoother.Skip(end), StreamState.Ended, stream._endTimestamp);
            stream.Finish(outcome: null, updatesError: null);
        }

        public void OnFailed(Exception error) => stream.Finish(error, error);
    }
}
