using Akka.Actor;
using Akka.Streams;
using StreamGenre.AkkaEngine.Graph;
using StreamGenre.AkkaEngine.Sources;

namespace StreamGenre.AkkaEngine.Actors;

/// <summary>One pulled source: runs its graph and goes when that has ended. Whatever ends it, its stream hears of it.</summary>
internal sealed class GenreSource : ReceiveActor
{
    private readonly PulledStream _stream;

    public GenreSource(PulledAudio audio, PulledStream stream, IMaterializer materializer)
    {
        _stream = stream;

        // What ends the graph beside the kill switch is its stream's end, whose error the stream tells by itself.
        _ = GenreGraph.Pulled(audio, stream.Inner, stream.Kill).Run(materializer)
            .PipeTo(Self, success: static _ => Ended.Instance, failure: static _ => Ended.Instance);
        Receive<Ended>(_ => Context.Stop(Self));
    }

    protected override void PostStop()
    {
        _stream.Kill.Shutdown();
        _stream.SetEnded();
    }

    private sealed record Ended
    {
        public static Ended Instance { get; } = new();
    }
}
