using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Akka.Streams;
using StreamGenre.AkkaEngine.Graph;
using StreamGenre.Stages;

namespace StreamGenre.AkkaEngine;

/// <summary>
/// A stream of the Akka engine, between its owner's tasks and its graph: bytes go in by a channel that the graph reads, updates come out by one
/// that the graph writes.
/// </summary>
internal sealed class AkkaGenreStream : IGenreStream
{
    private readonly TimeProvider _time;
    private readonly OpenStreams _open;
    private readonly UpdateSequence _sequence;
    private readonly Channel<PcmChunk> _chunks;
    private readonly Channel<GenreUpdate> _updates;
    private readonly TaskCompletionSource<Exception?> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _bytesPerSecond;
    private volatile PcmChunk? _current;
    private volatile Action? _read;
    private volatile UniqueKillSwitch? _kill;
    private int _writing;
    private bool _completing;
    private int _isClosed;
    private long _dropped;

    /// <summary>A stream whose graph is yet to run.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="engine">The engine's model, clock and counters.</param>
    public AkkaGenreStream(GenreStreamOptions options, EngineParts engine)
    {
        Options = options;
        Counters = engine.Counters;
        _time = engine.Time;
        _open = engine.OpenStreams;
        _sequence = new UpdateSequence(options, engine.Classifier.Contract, engine.Time);
        FrontEnd = new SessionFrontEnd(engine.Classifier.Contract, options.Format, options.WindowHop, options.Silence);
        Turns = new SessionTurns(engine.Waiting, engine.Counters, Fail);
        _bytesPerSecond = options.Format.BytesPerFrame * options.Format.SampleRateHz;

        // One chunk is under way at a time: its writer waits for it.
        _chunks = Channel.CreateBounded<PcmChunk>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

        // A window keeps its place until its update is read, so no more than MaxPendingWindows can lie here, and the last update.
        _updates = Channel.CreateBounded<GenreUpdate>(
            new BoundedChannelOptions(options.MaxPendingWindows + 1) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });
        Updates = new UpdateReader(_updates.Reader, () => _read?.Invoke());
        Counters.StreamOpened();
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
    public long DroppedWindows => Interlocked.Read(ref _dropped);

    /// <summary>Where the graph reads the bytes.</summary>
    public ChannelReader<PcmChunk> Chunks => _chunks.Reader;

    /// <summary>The front end that the graph runs.</summary>
    public SessionFrontEnd FrontEnd { get; }

    /// <summary>The session as the batches know it.</summary>
    public SessionTurns Turns { get; }

    /// <summary>The engine's counters.</summary>
    public PipelineCounters Counters { get; }

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
                await SendAsync(new PcmChunk(slice, _time.GetTimestamp(), isLast: false), cancellationToken);
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

            // Every chunk written has been through the front end, which stands still now.
            if (FrontEnd.PendingBytes > 0)
            {
                var error = new IncompleteSampleException(FrontEnd.PendingBytes, Options.Format.BytesPerFrame);
                Fail(error);
                throw error;
            }

            await SendAsync(new PcmChunk(default, _time.GetTimestamp(), isLast: true), cancellationToken);
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
        Finish(new ObjectDisposedException(nameof(IGenreStream), "The stream was disposed of."), updatesError: null);
        return ValueTask.CompletedTask;
    }

    /// <summary>The graph runs, and this is what ends it.</summary>
    public void Attach(UniqueKillSwitch kill)
    {
        _kill = kill;
        if (Volatile.Read(ref _isClosed) != 0)
        {
            kill.Shutdown();
            _kill = null;
        }
    }

    /// <summary>Says who is to hear that an update was read; called from any thread.</summary>
    public void OnRead(Action read)
    {
        _read = read;
        if (Volatile.Read(ref _isClosed) != 0)
        {
            _read = null;
        }
    }

    /// <summary>Counts a window dropped under overload.</summary>
    public void CountDropped()
    {
        Interlocked.Increment(ref _dropped);
        Counters.AddDropped();
    }

    /// <summary>The smoothing: window scores to an update. One call at a time, in the order of the audio.</summary>
    public GenreUpdate Smooth(ScoredWindow window) => window.IsEnd
        ? _sequence.End(AudioTime, DroppedWindows, window.Arrival)
        : _sequence.Next(window.Start, window.End, window.Scores, DroppedWindows, window.Arrival);

    /// <summary>Hands an update to the owner.</summary>
    public void Publish(GenreUpdate update)
    {
        if (!_updates.Writer.TryWrite(update) && Volatile.Read(ref _isClosed) == 0)
        {
            throw new UnreachableException("An update found no room, though its window held a place for it.");
        }

        if (update.State == StreamState.Ended)
        {
            Finish(outcome: null, updatesError: null);
        }
    }

    /// <summary>Ends the stream with an error; updates already made can still be read. Nothing happens when it is over.</summary>
    public void Fail(Exception error) => Finish(error, error);

    private async ValueTask SendAsync(PcmChunk chunk, CancellationToken cancellationToken)
    {
        _current = chunk;
        if (!_chunks.Writer.TryWrite(chunk) || Volatile.Read(ref _isClosed) != 0)
        {
            // It ended a moment ago, perhaps before it could see this chunk.
            chunk.Abandon(await _finished.Task ?? new InvalidOperationException("The stream has ended."));
        }

        // A cancelled write ends the stream: part of the audio is lost, and what followed would not be the same stream.
        await using (cancellationToken.UnsafeRegister(
            static (stream, token) => ((AkkaGenreStream)stream!).Fail(new OperationCanceledException("A write to the stream was cancelled.", token)), this))
        {
            await chunk.Taken;
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
        if (outcome is not null)
        {
            _current?.Abandon(outcome);
            _kill?.Shutdown();
        }

        // An ended stream may be looked at for long; its graph need not last as long.
        _read = null;
        _kill = null;
        _current = null;
        Counters.StreamClosed();
        _open.Remove(this);
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
