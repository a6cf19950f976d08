using Akka;
using Akka.Actor;
using Akka.Hosting;
using Akka.Streams.Dsl;
using StreamGenre.AkkaEngine.Actors;
using StreamGenre.AkkaEngine.Sources;
using StreamGenre.Stages;
using StreamGenre.Stages.Contract;

namespace StreamGenre.AkkaEngine;

/// <summary>
/// The engine whose sessions are actors and whose way of the data is an Akka.Streams graph (see <c>Graph/GenreGraph.cs</c>). It lives in a host:
/// <see cref="Hosting.AkkaEngineServices.AddAkkaGenreEngine"/> adds it, and its actors start and stop with the host.
/// </summary>
public sealed class AkkaGenreEngine : IGenreEngine
{
    // A batch takes milliseconds; whoever waits longer has a model that hangs.
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(30);

    private readonly EngineParts _parts;
    private readonly IRequiredActor<GenreSessions> _sessions;
    private readonly IRequiredActor<GenreSources> _sources;
    private volatile bool _disposed;

    internal AkkaGenreEngine(EngineParts parts, IRequiredActor<GenreSessions> sessions, IRequiredActor<GenreSources> sources)
    {
        _parts = parts;
        _sessions = sessions;
        _sources = sources;
    }

    /// <inheritdoc/>
    public ModelContract Contract => _parts.Classifier.Contract;

    /// <inheritdoc/>
    public string ExecutionProvider => _parts.Classifier.ExecutionProvider;

    /// <inheritdoc/>
    public PipelineStatistics Statistics => _parts.Counters.Snapshot(_parts.Waiting.Value);

    /// <inheritdoc/>
    public IGenreStream Open(GenreStreamOptions options)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        options.ThrowIfWrong(Contract.Labels);
        var sessions = _sessions.ActorRef;
        var stream = new AkkaGenreStream(options, _parts);
        _parts.OpenStreams.Add(stream);
        sessions.Tell(new GenreSessions.Open(stream));
        if (_disposed || !_parts.OpenStreams.IsServed)
        {
            stream.Fail(ShuttingDown());
        }

        return stream;
    }

    /// <summary>
    /// The updates of a stream that is open now, from here on, as a source for other graphs in this process; it may be run any number of times.
    /// A follower that reads too slowly loses the oldest and holds nobody up.
    /// </summary>
    /// <param name="streamId">The stream's id; of several with the same id the newest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KeyNotFoundException">No stream of that id is open.</exception>
    public async Task<Source<GenreUpdate, NotUsed>> FollowAsync(string streamId, CancellationToken cancellationToken = default) =>
        await _sessions.ActorRef.Ask<object>(new GenreSessions.Follow(streamId), cancellationToken) as Source<GenreUpdate, NotUsed>
        ?? throw new KeyNotFoundException($"No stream '{streamId}' is open.");

    /// <summary>
    /// Opens a stream that fetches its audio by itself. The source is connected again whenever it ends or fails; the stream goes on until it is
    /// completed or disposed of.
    /// </summary>
    /// <exception cref="StreamOptionsException">With everything wrong with the stream's options.</exception>
    /// <exception cref="ArgumentException">With everything wrong with the source's.</exception>
    public PulledStream Pull(PulledAudio audio)
    {
        audio.ThrowIfWrong(nameof(audio));
        var pulled = new PulledStream(Open(audio.Stream));
        _sources.ActorRef.Tell(new GenreSources.Pull(audio, pulled));
        return pulled;
    }

    /// <summary>Ends every stream still open with an error, finishes what the model has, and ends the graphs. Complete the streams first to lose nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _parts.OpenStreams.FailAll(ShuttingDown());

        try
        {
            await _sessions.ActorRef.GracefulStop(DrainPatience, GenreSessions.Drain.Instance);
        }
        catch (MissingActorRegistryEntryException)
        {
            // The host was never started.
        }
        catch (TaskCanceledException)
        {
            // The host has ended the actors meanwhile, or the model hangs; the lanes are waited for below.
        }

        await Task.Run(_parts.Dispose);
    }

    internal static ObjectDisposedException ShuttingDown(Exception? cause = null) => cause is null
        ? new ObjectDisposedException(nameof(AkkaGenreEngine), "The engine is shutting down.")
        : new ObjectDisposedException("The engine is shutting down.", cause);
}
