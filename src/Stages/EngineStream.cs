using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace StreamGenre.Stages;

/// <summary>
/// What a stream of any engine promises to its writer and to its reader: one call at a time, audio taken a second at a time, updates bounded by the windows' places,
/// one end. An engine adds the way from the bytes to the updates.
/// </summary>
internal abstract class EngineStream : IGenreStream
{
    private readonly TimeProvider _time;
    private readonly Channel<GenreUpdate> _updates;
    private readonly TaskCompletionSource<Exception?> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _bytesPerSecond;
    private int _writing;
    private bool _completing;
    private int _isClosed;

    /// <summary>A stream that is open from here on.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="frontEnd">Bytes to windows.</param>
    /// <param name="sequence">Scores to updates.</param>
    /// <param name="counters">The engine's counters.</param>
    /// <param name="time">The clock of latencies.</param>
    protected EngineStream(GenreStreamOptions options, SessionFrontEnd frontEnd, UpdateSequence sequence, PipelineCounters counters, TimeProvider time)
    {
        Options = options;
        FrontEnd = frontEnd;
        Sequence = sequence;
        Counters = counters;
        _time = time;
        _bytesPerSecond = options.Format.BytesPerFrame * options.Format.SampleRateHz;

        // A window keeps its place until its update is read, so no more than MaxPendingWindows can lie here, and the last update: whoever brings
        // scores never waits. Wait mode: an update is never dropped.
        _updates = Channel.CreateBounded<GenreUpdate>(
            new BoundedChannelOptions(options.MaxPendingWindows + 1) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });
        Updates = new UpdateReader(_updates.Reader, OnUpdateRead);
        counters.StreamOpened();
    }

    /// <inheritdoc/>
    public string StreamId => Options.StreamId;

    /// <inheritdoc/>
    public GenreStreamOptions Options { get; }

    /// <inheritdoc/>
    public ChannelReader<GenreUpdate> Updates { get; }

    /// <inheritdoc/>
    public TimeSpan AudioTime => FrontEnd.AudioTime;

    /// <inheritdoc/>
    public abstract long DroppedWindows { get; }

    /// <summary>The stream's own way from bytes to windows.</summary>
    public SessionFrontEnd FrontEnd { get; }

    /// <summary>The engine's counters.</summary>
    public PipelineCounters Counters { get; }

    /// <summary>The smoothing. One call at a time, in the order of the audio.</summary>
    protected UpdateSequence Sequence { get; }

    /// <summary>Whether it is over.</summary>
    protected bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>Ends when the stream is over: with null when all was heard, else with the reason.</summary>
    protected Task<Exception?> Finished => _finished.Task;

    /// <inheritdoc/>
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
                await TakeAsync(slice, _time.GetTimestamp(), cancellationToken);
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

            // Every byte written has been through the front end, which stands still now.
            if (FrontEnd.PendingBytes > 0)
            {
                var error = new IncompleteSampleException(FrontEnd.PendingBytes, Options.Format.BytesPerFrame);
                Fail(error);
                throw error;
            }

            await TakeEndAsync(_time.GetTimestamp(), cancellationToken);
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
    public virtual ValueTask DisposeAsync()
    {
        Finish(new ObjectDisposedException(nameof(IGenreStream), "The stream was disposed of."), updatesError: null);
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the stream with an error; updates already made can still be read. Nothing happens when it is over.</summary>
    public abstract void Fail(Exception error);

    /// <summary>Hands an update to the owner; after the one that says so the stream is over.</summary>
    public void Publish(GenreUpdate update)
    {
        if (!_updates.Writer.TryWrite(update) && !IsClosed)
        {
            throw new UnreachableException("An update found no room, though its window held a place for it.");
        }

        if (update.State == StreamState.Ended)
        {
            Finish(outcome: null, updatesError: null);
        }
    }

    /// <summary>Takes a second of audio or less; returns when each window that it completes has a place.</summary>
    /// <param name="pcm">The bytes, cut anywhere; the writer's again afterwards.</param>
    /// <param name="arrival">When they came, in the time provider's timestamps.</param>
    /// <param name="cancellationToken">Ends the stream: part of the audio is lost, and what followed would not be the same stream.</param>
    protected abstract ValueTask TakeAsync(ReadOnlyMemory<byte> pcm, long arrival, CancellationToken cancellationToken);

    /// <summary>Takes the end of the audio; returns when each of the last windows has a place.</summary>
    /// <param name="arrival">When it was told, in the time provider's timestamps.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    protected abstract ValueTask TakeEndAsync(long arrival, CancellationToken cancellationToken);

    /// <summary>The owner has read an update: its window's place is free. Called from any thread.</summary>
    protected abstract void OnUpdateRead();

    /// <summary>The stream is over. Called once, from any thread.</summary>
    /// <param name="outcome">Why; null when all was heard.</param>
    protected abstract void OnFinished(Exception? outcome);

    /// <summary>Ends the stream, if it is not over.</summary>
    /// <param name="outcome">What the writer hears; null when all was heard.</param>
    /// <param name="updatesError">What the reader hears after the last update; null for an end like any other.</param>
    protected void Finish(Exception? outcome, Exception? updatesError)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        // Counted first, so that whoever hears of the end finds one stream fewer.
        Counters.StreamClosed();
        _updates.Writer.TryComplete(updatesError);
        _finished.TrySetResult(outcome);
        OnFinished(outcome);
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
}
