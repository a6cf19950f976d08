using Akka.Actor;
using Akka.Streams;
using StreamGenre.AkkaEngine.Sources;

namespace StreamGenre.AkkaEngine.Actors;

/// <summary>The pulled sources' parent, with a child for each.</summary>
internal sealed class GenreSources : ReceiveActor
{
    private readonly ActorMaterializer _materializer = Context.Materializer();

    public GenreSources() =>
        Receive<Pull>(pull => Context.ActorOf(Props.Create(() => new GenreSource(pull.Audio, pull.Stream, _materializer))));

    /// <summary>A source that fails is over: begun anew it would not be the same stream.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    /// <summary>Begins to fetch a stream's audio.</summary>
    internal sealed record Pull(PulledAudio Audio, PulledStream Stream);
}
