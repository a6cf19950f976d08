using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StreamGenre.AkkaEngine.Graph;

namespace StreamGenre.AkkaEngine.Actors;

/// <summary>
/// The sessions' parent. It runs the part of the graph that all sessions share, and has a child for each session. Should that part ever fail, it
/// starts anew: the sessions of that moment end with the reason, and those that come later never know.
/// </summary>
internal sealed class GenreSessions : ReceiveActor
{
    // MergeHub's sleeping flag is a plain field: on paper an element that comes just as the hub falls asleep may not wake it (Hub.cs, needWakeup).
    // Anything that follows wakes it, so a turn of nobody once in a while bounds what that could cost.
    private static readonly TimeSpan Nudge = TimeSpan.FromSeconds(1);

    private readonly EngineParts _parts;
    private readonly Dictionary<string, IActorRef> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, AkkaGenreStream> _streams = [];
    private readonly ActorMaterializer _materializer = Context.Materializer();
    private (Sink<SessionTurns, NotUsed> Turns, UniqueKillSwitch Kill, Task<Done> Ended) _batches;
    private bool _draining;

    public GenreSessions(EngineParts parts)
    {
        _parts = parts;
        Receive<Open>(OnOpen);
        Receive<Follow>(OnFollow);
        Receive<Ping>(_ => Sender.Tell(Done.Instance));
        Receive<Terminated>(OnSessionEnded);
        Receive<Drain>(_ =>
        {
            _draining = true;
            _batches.Kill.Shutdown();
        });
        Receive<BatchesEnded>(OnBatchesEnded);
    }

    /// <summary>A session that fails is over: begun anew it would not be the same stream.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    protected override void PreStart()
    {
        _parts.OpenStreams.IsServed = true;
        _batches = GenreGraph.Batches(_parts).Run(_materializer);
        _ = _batches.Ended.PipeTo(Self, success: _ => new BatchesEnded(null), failure: error => new BatchesEnded(error));
        Source.Tick(Nudge, Nudge, SessionTurns.OfNobody()).RunWith(_batches.Turns, _materializer);
    }

    protected override void PostStop()
    {
        // Those too that have no session yet, because their message is still on its way.
        _parts.OpenStreams.IsServed = false;
        _parts.OpenStreams.FailAll(AkkaGenreEngine.ShuttingDown());
    }

    private void OnOpen(Open open)
    {
        var session = Context.ActorOf(Props.Create(() => new GenreSession(open.Stream, _batches.Turns, _materializer)));
        Context.Watch(session);
        _byId[open.Stream.StreamId] = session;
        _streams[session] = open.Stream;
    }

    private void OnFollow(Follow follow)
    {
        if (_byId.TryGetValue(follow.StreamId, out var session))
        {
            session.Forward(follow);
        }
        else
        {
            Sender.Tell(NotOpen.Instance);
        }
    }

    private void OnSessionEnded(Terminated ended)
    {
        if (!_streams.Remove(ended.ActorRef, out var stream))
        {
            return;
        }

        // A session says so itself, unless it could not even begin.
        stream.Fail(AkkaGenreEngine.ShuttingDown());

        // The id's newest session may be another one by now.
        if (_byId.TryGetValue(stream.StreamId, out var session) && session.Equals(ended.ActorRef))
        {
            _byId.Remove(stream.StreamId);
        }
    }

    private void OnBatchesEnded(BatchesEnded ended)
    {
        if (_draining)
        {
            Context.Stop(Self);
            return;
        }

        throw new InvalidOperationException("The graph that batches windows ended by itself; the sessions start anew.", ended.Error);
    }

    /// <summary>Runs a stream's graph.</summary>
    internal sealed record Open(AkkaGenreStream Stream);

    /// <summary>Asks for a stream's updates; the answer is a source, or <see cref="NotOpen"/>.</summary>
    internal sealed record Follow(string StreamId);

    /// <summary>Asks for a sign of life.</summary>
    internal sealed record Ping
    {
        public static Ping Instance { get; } = new();
    }

    /// <summary>No stream has the id.</summary>
    internal sealed record NotOpen
    {
        public static NotOpen Instance { get; } = new();
    }

    /// <summary>Ends the shared graph once the model has finished what it has, and then the actor.</summary>
    internal sealed record Drain
    {
        public static Drain Instance { get; } = new();
    }

    private sealed record BatchesEnded(Exception? Error);
}
