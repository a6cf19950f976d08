using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using StreamGenre.StreamHost.History;
using StreamGenre.StreamHost.Rendering;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Http;

/// <summary>What streams have sounded like, and their changes of genre as they come.</summary>
internal static class HistoryEndpoints
{
    /// <summary>Adds them.</summary>
    public static void MapHistoryEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/streams/{id}/history", HistoryAsync)
            .WithSummary("What a stream, live or ended, has sounded like: its changes of genre, its minutes, and the genres' shares.")
            .WithDescription(
                $"?since= and ?until= are {HistoryMoment.Form} (UTC without an offset); unless told, the last 24 hours. ?limit=N bounds the changes and the minutes, the newest of "
                + "each. ?format=csv gives the changes as CSV, and with &rows=minutes the minutes. ?instance=NAME leaves out what other servers heard.")
            .Produces<V1.GetHistoryResponse>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/v1/streams/{id}/changes", (string id, string? after, HttpRequest request, GenreWatches watches, StreamRegistry registry) =>
                Changes(StreamEndpoints.IdOf(id), after, request, watches, registry))
            .WithSummary("A stream's changes of the announced genre as Server-Sent Events, each a GenreChanged as JSON with its number as the event's id.")
            .WithDescription("From now on; with ?after=N after change N (0 for all that the server holds); after Last-Event-ID where a reader comes back. It ends with the stream; 204 when that is over and has no change left.")
            .Produces<V1.GenreChanged>(contentType: "text/event-stream").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/v1/changes", (string? after, HttpRequest request, GenreWatches watches, StreamRegistry registry) =>
                Changes("", after, request, watches, registry))
            .WithSummary("All named streams' changes of the announced genre, as those of one stream.")
            .Produces<V1.GenreChanged>(contentType: "text/event-stream").ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> HistoryAsync(
        string id,
        string? since,
        string? until,
        string? limit,
        string? instance,
        string? format,
        string? rows,
        HistoryReader reader,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        Timestamp? Moment(string name, string? text) => text is null ? null
            : HistoryMoment.TryParse(text, time.GetUtcNow(), TimeZoneInfo.Utc, out var moment) ? Timestamp.FromDateTimeOffset(moment)
            : throw Wrong(name, text, HistoryMoment.Form);
        if (format is not (null or "json" or "csv"))
        {
            throw Wrong("format", format, "json or csv");
        }

        if (rows is not (null or "changes" or "minutes"))
        {
            throw Wrong("rows", rows, "changes or minutes");
        }

        var most = 0;
        if (limit is not null && !int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most))
        {
            throw Wrong("limit", limit, "a whole number, 1..50000");
        }

        var request = new V1.GetHistoryRequest { StreamId = StreamEndpoints.IdOf(id), Limit = most, Instance = instance ?? "" };
        request.Since = Moment("since", since);
        request.Until = Moment("until", until);
        var history = await reader.ReadAsync(request, cancellationToken);
        return format == "csv"
            ? Results.Text(rows == "minutes" ? HistoryCsv.Minutes(history) : HistoryCsv.Changes(history), "text/csv; charset=utf-8")
            : HttpApi.Json(history);
    }

    private static IResult Changes(string id, string? after, HttpRequest request, GenreWatches watches, StreamRegistry registry)
    {
        GenreWatch watch;
        if (request.Headers["Last-Event-ID"] is [{ Length: > 0 } lastRead, ..])
        {
            // A number that the server has not reached is of its life before: its reader gets all of this one.
            var read = Number("Last-Event-ID", lastRead);
            watch = watches.Open(id, read > watches.Last ? 0 : read);
        }
        else
        {
            watch = watches.Open(id, after is null ? null : Number("after", after));
        }

        if (watch.IsDone())
        {
            // What an EventSource takes as: don't come back.
            return Results.NoContent();
        }

        return EventStream.Of(async (events, cancellationToken) =>
        {
            await using var changes = watch.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await events.WaitAsync(changes.MoveNextAsync().AsTask(), cancellationToken))
            {
                var (change, number, missed) = changes.Current;
                await events.WriteAsync(null, number, WireJson.Write(WireHistory.Write(change, number, missed)), cancellationToken);
            }
        }, registry.Stopping);
    }

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(name, text, "a change's number, a whole number from 0 on");

    private static StreamRefusedException Wrong(string name, string text, string allowed) => new(StreamRefusal.Invalid, $"{name} is '{text}'; it must be {allowed}.");
}
