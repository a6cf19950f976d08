using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using StreamGenre.AkkaEngine.Graph;
using StreamGenre.Stages;

namespace StreamGenre.AkkaEngine.Actors;

/// <summary>One session: runs its graph, answers followers, and goes when the graph has ended. Whatever ends it, its stream hears of it.</summary>
internal sealed class GenreSession : ReceiveActor
{
    private readonly AkkaGenreStream _stream;
    private readonly UniqueKillSwitch _kill;

    public GenreSession(AkkaGenreStream stream, Sink<SessionTurns, NotUsed> allSessions, IMaterializer materializer)
    {
        _stream = stream;
        (_kill, var updates, var ended) = GenreGraph.Session(stream, allSessions).Run(materializer);
        stream.Attach(_kill);
        _ = ended.PipeTo(Self, success: _ => new Ended(null), failure: error => new Ended(error));

        // Somebody reads always, so that a follower begins with what is new and not with what was left when the last one went.
        _ = updates.RunWith(Sink.Ignore<GenreUpdate>(), materializer);
        Receive<GenreSessions.Follow>(_ => Sender.Tell(updates.Buffer(GenreGraph.FollowerBacklog, OverflowStrategy.DropHead)));
        Receive<Ended>(end =>
        {
            if (end.Error is not null)
            {
                stream.Fail(end.Error);
            }

            Context.Stop(Self);
        });
    }

    /// <summary>Nothing happens here to a stream that has ended: followers still read what is left of it.</summary>
    protected override void PostStop()
    {
        _stream.Fail(AkkaGenreEngine.ShuttingDown());
        _kill.Shutdown();
    }

    private sealed record Ended(Exception? Error);
}
