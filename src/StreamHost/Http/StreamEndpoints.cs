using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Http;

/// <summary>The streams: all at a glance, and the updates of one as they come.</summary>
internal static class StreamEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapStreamEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/streams", (StreamRegistry registry) =>
            HttpApi.Json(new V1.ListStreamsResponse { Streams = { registry.List().Select(WireUpdate.WriteInfo) } }));
        routes.MapGet("/v1/streams/{id}/updates", (string id, StreamRegistry registry, CancellationToken cancellationToken) =>
        {
            try
            {
                // Routing leaves an escaped slash as it is; ids hold no other character that needs escaping.
                var session = registry.Find(id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));

                // From the newest one on, so that the page shows something at once.
                var subscription = session.Subscribe(session.Log.LastSequence is > 0 and var last ? last : null);
                return Results.ServerSentEvents(EventsAsync(subscription, cancellationToken));
            }
            catch (StreamRefusedException e)
            {
                return Results.Text(e.Message + "\n", statusCode: StatusCodes.Status404NotFound);
            }
        });
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(Subscription subscription, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (subscription)
        {
            while (await subscription.ReadAsync(cancellationToken) is var (update, missed))
            {
                yield return new SseItem<string>(WireJson.Write(WireUpdate.Write(update, missed)));
            }
        }
    }
}
