using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Http;

/// <summary>Audio in over a WebSocket: for browsers, and for programs without gRPC.</summary>
internal static class AudioEndpoints
{
    /// <summary>Adds it.</summary>
    public static void MapAudioEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/streams/{id}/audio", AudioAsync)
            .WithSummary("A WebSocket that takes a stream's PCM in binary messages of any length.")
            .WithDescription(
                "?rate= (required), ?encoding= (s16le, f32le, mulaw), ?channels=, ?hop=, ?smoothing=, ?mode=, ?silence=, ?threshold=, ?dwell=, ?overload= (drop-oldest, block); ?updates=true sends the updates back. "
                + "The text message {\"end\":true}, or a close, ends and flushes the stream. The server's text messages each hold one of open, update, summary, problem.")
            .Produces(StatusCodes.Status101SwitchingProtocols).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status426UpgradeRequired);

    private static async Task AudioAsync(
        string id, HttpContext context, StreamRegistry registry, IGenreEngine engine, StreamDefaults defaults, ILogger<AudioSocket> log)
    {
        RequireWebSocket(context);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var audio = new AudioSocket(socket, registry);
        try
        {
            // Refusals come after the handshake, because a browser tells its page nothing of one that failed.
            var settings = WireSettings.Read(
                StreamQuery.Read(context.Request.Query), StreamEndpoints.IdOf(id), defaults, engine.Contract.Labels, OverloadPolicy.DropOldest);
            var withUpdates = StreamQuery.ReadFlag(context.Request.Query, "updates");
            await using var session = registry.Open(settings, named: true);
            await audio.RunAsync(session, withUpdates, context.RequestAborted);
        }
        catch (Exception e) when (HttpErrors.Translate(e) is var (status, detail))
        {
            if (status == StatusCodes.Status500InternalServerError)
            {
                StreamLog.Failed(log, e);
            }

            await audio.RefuseAsync(e, status, detail);
        }
        catch (Exception e) when (e is System.Net.WebSockets.WebSocketException or OperationCanceledException)
        {
            // The sender vanished; its stream has ended with it.
        }
    }

    /// <summary>Refuses what is no WebSocket.</summary>
    /// <exception cref="HttpRefusedException">It is none (426).</exception>
    public static void RequireWebSocket(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            throw new HttpRefusedException(StatusCodes.Status426UpgradeRequired, $"{context.Request.Path} is a WebSocket; open it with one (ws:// or wss://).");
        }
    }
}
