using System.Globalization;
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
                HttpApi.Json(new V1.ListStreamsResponse { Streams = { registry.List().Select(WireUpdate.WriteInfo) } }))
            .WithSummary("The streams that are live, and those that ended a short while ago.")
            .Produces<V1.ListStreamsResponse>();
        routes.MapGet("/v1/streams/{id}/updates", Updates)
            .WithSummary("A stream's updates as Server-Sent Events, each a GenreUpdate as JSON with its sequence as the event's id.")
            .WithDescription(
                "From the newest update on; with ?from=N from number N on; after Last-Event-ID where a reader comes back. An update's missedUpdates says how "
                + "many were lost before it. 204 when a reader comes back that has read all of an ended stream.")
            .Produces<V1.GenreUpdate>(contentType: "text/event-stream").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The stream whose id is part of the address. Routing leaves an escaped slash as it is; ids hold no other character that needs escaping.</summary>
    /// <exception cref="StreamRefusedException">There is none.</exception>
    public static StreamSession FindByAddress(this StreamRegistry registry, string id) => registry.Find(IdOf(id));

    /// <summary>A stream id as it stands in an address.</summary>
    public static string IdOf(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static IResult Updates(string id, string? from, HttpRequest request, StreamRegistry registry)
    {
        var session = registry.FindByAddress(id);
        var last = session.Log.Last;
        long? first;
        if (request.Headers["Last-Event-ID"] is [{ Length: > 0 } lastRead, ..])
        {
            var read = Sequence("Last-Event-ID", lastRead, least: 0);
            if (session.IsEnded && read == last)
            {
                // What an EventSource takes as: don't come back.
                return Results.NoContent();
            }

            // A number that the stream has not reached yet is of an earlier stream of this id: its reader gets all of the new one.
            first = read > last ? 1 : read + 1;
        }
        else
        {
            first = from is not null ? Sequence("from", from, least: 1) : last > 0 ? last : null;
        }

        var subscription = session.Subscribe(first);
        return EventStream.Of(async (events, cancellationToken) =>
        {
            using (subscription)
            {
                while (await events.WaitAsync(subscription.ReadAsync(cancellationToken).AsTask(), cancellationToken) is var (update, missed))
                {
                    await events.WriteAsync(null, update.Sequence, WireJson.Write(WireUpdate.Write(update, missed)), cancellationToken);
                }
            }
        }, CancellationToken.None);
    }

    private static long Sequence(string name, string text, int least) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new StreamRefusedException(StreamRefusal.Invalid, $"{name} is '{text}'; it must be an update's sequence number, a whole number from {least} on.");
}
