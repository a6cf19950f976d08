using StreamGenre.Stages;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Http;

/// <summary>All streams in one connection: a browser opens six to a server, and a page may show hundreds of streams.</summary>
internal static class EventEndpoints
{
    // As often as most streams have something new; more often costs more and shows nothing more.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Adds it.</summary>
    public static void MapEventEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/events", (StreamRegistry registry, IGenreEngine engine, TimeProvider time) =>
                EventStream.Of(async (events, cancellationToken) =>
                {
                    var feed = new GlanceFeed(registry, engine.Contract);
                    await events.WriteAsync("legend", null, feed.Legend(), cancellationToken);
                    using var timer = new PeriodicTimer(Interval, time);
                    do
                    {
                        await events.WriteAsync("streams", null, feed.Next(), cancellationToken);
                    }
                    while (await timer.WaitForNextTickAsync(cancellationToken));
                }, registry.Stopping))
            .WithSummary("All streams at a glance as Server-Sent Events: 'legend' once, then 'streams' every second with what has changed.")
            .Produces<GlanceChanges>(contentType: "text/event-stream");
}
