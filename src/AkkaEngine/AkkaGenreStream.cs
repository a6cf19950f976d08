using System.Threading.Channels;
using Akka.Streams;
using StreamGenre.AkkaEngine.Graph;
using StreamGenre.Stages;

namespace StreamGenre.AkkaEngine;

/// <summary>
/// A stream of the Akka engine, between its owner's tasks and its graph: bytes go in by a channel that the graph reads, updates come out by one
/// that the graph writes.
/// </summary>
internal sealed class AkkaGenreStream : EngineStream
{
    private readonly OpenStreams _open;
    private readonly Channel<PcmChunk> _chunks;
    private volatile PcmChunk? _current;
    private volatile Action? _read;
    private volatile UniqueKillSwitch? _kill;
    private long _dropped;

    /// <summary>A stream whose graph is yet to run.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="engine">The engine's model, clock and counters.</param>
    public AkkaGenreStream(GenreStreamOptions options, EngineParts engine)
        : base(
            options,
            new SessionFrontEnd(engine.Classifier.Contract, options.Format, options.WindowHop, options.Silence),
            new UpdateSequence(options, engine.Classifier.Contract, engine.Time),
            engine.Counters,
            engine.Time)
    {
        _open = engine.OpenStreams;
        Turns = new SessionTurns(engine.Waiting, Fail);

        // One chunk is under way at a time: its writer waits for it.
        _chunks = Channel.CreateBounded<PcmChunk>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    }

    /// <inheritdoc/>
    public override long DroppedWindows => Interlocked.Read(ref _dropped);

    /// <summary>Where the graph reads the bytes.</summary>
    public ChannelReader<PcmChunk> Chunks => _chunks.Reader;

    /// <summary>The session as the batches know it.</summary>
    public SessionTurns Turns { get; }

    /// <inheritdoc/>
    public override void Fail(Exception error) => Finish(error, error);

    /// <summary>The graph runs, and this is what ends it.</summary>
    public void Attach(UniqueKillSwitch kill)
    {
        _kill = kill;
        if (IsClosed)
        {
            kill.Shutdown();
            _kill = null;
        }
    }

    /// <summary>Says who is to hear that an update was read; called from any thread.</summary>
    public void OnRead(Action read)
    {
        _read = read;
        if (IsClosed)
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
        ? Sequence.End(AudioTime, DroppedWindows, window.Arrival)
        : Sequence.Next(window.Start, window.End, window.Scores, DroppedWindows, window.Arrival);

    /// <inheritdoc/>
    protected override ValueTask TakeAsync(ReadOnlyMemory<byte> pcm, long arrival, CancellationToken cancellationToken) =>
        SendAsync(new PcmChunk(pcm, arrival, isLast: false), cancellationToken);

    /// <inheritdoc/>
    protected override ValueTask TakeEndAsync(long arrival, CancellationToken cancellationToken) =>
        SendAsync(new PcmChunk(default, arrival, isLast: true), cancellationToken);

    /// <inheritdoc/>
    protected override void OnUpdateRead() => _read?.Invoke();

    /// <inheritdoc/>
    protected override void OnFinished(Exception? outcome)
    {
        if (outcome is not null)
        {
            _current?.Abandon(outcome);
            _kill?.Shutdown();
        }

        // An ended stream may be looked at for long; its graph need not last as long.
        _read = null;
        _kill = null;
        _current = null;
        _open.Remove(this);
    }

    private async ValueTask SendAsync(PcmChunk chunk, CancellationToken cancellationToken)
    {
        _current = chunk;
        if (!_chunks.Writer.TryWrite(chunk) || IsClosed)
        {
            // It ended a moment ago, perhaps before it could see this chunk.
            chunk.Abandon(await Finished ?? new InvalidOperationException("The stream has ended."));
        }

        // A cancelled write ends the stream: part of the audio is lost, and what followed would not be the same stream.
        await using (cancellationToken.UnsafeRegister(
            static (stream, token) => ((AkkaGenreStream)stream!).Fail(new OperationCanceledException("A write to the stream was cancelled.", token)), this))
        {
            await chunk.Taken;
        }
    }
}
