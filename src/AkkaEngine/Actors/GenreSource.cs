using Akka.Actor;
using Akka.Streams;
using StreamGenre.AkkaEngine.Graph;
using StreamGenre.AkkaEngine.Sources;

namespace StreamGenre.AkkaEngine.Actors;

/// <summary>One pulled source: runs its graph and goes when that has ended. Whatever ends it, its stream hears of it.</summary>
internal sealed class GenreSource : ReceiveActor
{
    private readonly PulledStream _stream;
    private readonly UniqueKillSwitch _kill;

    public GenreSource(PulledAudio audio, PulledStream stream, IMaterializer materializer)
    {
        _stream = stream;
        (_kill, var ended) = GenreGraph.Pulled(audio, stream.Inner).Run(materializer);
        _ = ended.PipeTo(Self, success: _ => new Ended(null), failure: error => new Ended(error));
        stream.Attach(_kill);
        Receive<Ended>(end =>
        {
            // What ends it beside the kill switch is its stream's end, with the stream's own error.
            stream.SetEnded();
            Context.Stop(Self);
        });
    }

    protected override void PostStop()
    {
        _kill.Shutdown();
        _stream.SetEnded();
    }

    private sealed record Ended(Exception? Error);
}
