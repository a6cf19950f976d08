using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using StreamGenre.AkkaEngine.Sources;
using StreamGenre.Stages;
using StreamGenre.Stages.Batching;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>
/// The way of the data as Akka.Streams graphs:
/// <code>
/// each session   ingest ─▶ FrontEndStage ─▶ ScoringStage ─────────────▶ smoothing ─▶ the owner's updates
///                PcmChunk   HeardWindow       │      ▲    ScoredWindow             └▶ BroadcastHub ─▶ any followers
///                                             ▼      │ scores, out of order
/// all sessions                            MergeHub   └──────────────────────────┐
///                                         SessionTurns ─▶ BatchStage ─▶ SelectAsyncUnordered ─▶ back to each session
///                                                         GatheredBatch  the classifier's lanes
/// pulled source  RestartSource ─▶ SelectAsync(1) ─▶ the ingest of a session
/// </code>
/// Every arrow carries back-pressure against its direction, from the reader of a stream's updates to the sender of its bytes.
/// </summary>
internal static class GenreGraph
{
    /// <summary>Updates that a follower of a stream may be behind before it loses the oldest; BroadcastHub wants a power of two.</summary>
    public const int FollowerBacklog = 32;

    /// <summary>The part that all sessions share. Materializes to where sessions send their turns, what ends it, and a task that ends with it.</summary>
    public static IRunnableGraph<(Sink<SessionTurns, NotUsed> Turns, UniqueKillSwitch Kill, Task<Done> Ended)> Batches(EngineParts engine) =>
        MergeHub.Source<SessionTurns>(perProducerBufferSize: 16) // A turn is a reference and binds no window yet.
            .ViaMaterialized(KillSwitches.Single<SessionTurns>(), Keep.Both)
            .Via(new BatchStage(engine.Gathering))

            // Unordered: batches have nothing to do with each other, and a session puts its own windows back in order.
            .SelectAsyncUnordered(engine.Lanes.Count, engine.Lanes.ClassifyAsync)
            .ToMaterialized(Sink.ForEach<GatheredBatch>(engine.Gathering.Deliver), static (left, ended) => (left.Item1, left.Item2, ended));

    /// <summary>One session. Materializes to what ends it, its updates for followers, and a task that ends with it.</summary>
    public static IRunnableGraph<(UniqueKillSwitch Kill, Source<GenreUpdate, NotUsed> Updates, Task<Done> Ended)> Session(
        AkkaGenreStream stream, Sink<SessionTurns, NotUsed> allSessions)
    {
        var heard = ChannelSource.FromReader(stream.Chunks)
            .ViaMaterialized(KillSwitches.Single<PcmChunk>(), Keep.Right)
            .Via(new FrontEndStage(stream));

        var publish = Flow.Create<ScoredWindow>()
            .Select(stream.Smooth)
            .WatchTermination(Keep.Right)
            .AlsoTo(Sink.ForEach<GenreUpdate>(stream.Publish))

            // The stream's owner is served above and never waits for followers: whoever can't keep up loses the oldest.
            .Buffer(FollowerBacklog, OverflowStrategy.DropHead)
            .ToMaterialized(BroadcastHub.Sink<GenreUpdate>(FollowerBacklog), Keep.Both);

        return RunnableGraph.FromGraph(GraphDsl.Create(heard, publish, Joined, (builder, source, sink) =>
        {
            var scoring = builder.Add(new ScoringStage(stream));
            builder.From(source).To(scoring.In);
            builder.From(scoring.Out0).To(allSessions);
            builder.From(scoring.Out1).To(sink);
            return ClosedShape.Instance;
        }));
    }

    /// <summary>
    /// Audio that is fetched, not sent: connected again with growing pauses whenever it ends or fails, until it is told to end. Materializes to
    /// a task that ends with it.
    /// </summary>
    public static IRunnableGraph<Task<Done>> Pulled(PulledAudio audio, IGenreStream stream, SharedKillSwitch kill) =>
        RestartSource.WithBackoff(
                () => Source.From(() => WholeFrames.Of(audio.Connect, stream.Options.Format.BytesPerFrame)),
                RestartSettings.Create(audio.MinBackoff, audio.MaxBackoff, randomFactor: 0.2)) // Sources that died together do not come back together.
            .Via(kill.Flow<ReadOnlyMemory<byte>>())
            .SelectAsync(1, async bytes =>
            {
                await stream.WriteAsync(bytes);
                return NotUsed.Instance;
            })
            .ToMaterialized(Sink.Ignore<NotUsed>(), Keep.Right);

    private static (UniqueKillSwitch Kill, Source<GenreUpdate, NotUsed> Updates, Task<Done> Ended) Joined(
        UniqueKillSwitch kill, (Task<Done> Ended, Source<GenreUpdate, NotUsed> Updates) published) => (kill, published.Updates, published.Ended);
}
