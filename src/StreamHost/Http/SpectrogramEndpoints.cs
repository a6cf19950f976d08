using System.Net.WebSockets;
using System.Text.Json;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Spectrograms;

namespace StreamGenre.StreamHost.Http;

/// <summary>A stream's mel spectrogram as it plays.</summary>
internal static class SpectrogramEndpoints
{
    /// <summary>Adds it.</summary>
    public static void MapSpectrogramEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/streams/{id}/spectrogram", ShowAsync)
            .WithSummary("A WebSocket that sends a stream's mel spectrogram: its format as one text message, then columns in binary messages, a byte a band.")
            .Produces<SpectrogramFormat>().Produces(StatusCodes.Status101SwitchingProtocols)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status426UpgradeRequired);

    private static async Task ShowAsync(string id, HttpContext context, StreamRegistry registry)
    {
        AudioEndpoints.RequireWebSocket(context);
        var session = registry.FindByAddress(id);
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, registry.Stopping);
        using var view = session.Spectrogram.Watch();
        try
        {
            await socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(view.Format, JsonSerializerOptions.Web), WebSocketMessageType.Text, endOfMessage: true, ending.Token);
            var leaving = LeaveAsync(socket, ending);
            await foreach (var columns in view.Columns.ReadAllAsync(ending.Token))
            {
                await socket.SendAsync(columns, WebSocketMessageType.Binary, endOfMessage: true, ending.Token);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "the stream is over", ending.Token);
            await leaving.WaitAsync(TimeSpan.FromSeconds(5), ending.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or TimeoutException)
        {
            // The looker is gone, or the server is about to be.
        }
    }

    // A looker says nothing but goodbye.
    private static async Task LeaveAsync(WebSocket socket, CancellationTokenSource ending)
    {
        var buffer = new byte[64];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), ending.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // As much of a goodbye.
        }

        if (socket.State != WebSocketState.Closed)
        {
            await ending.CancelAsync();
        }
    }
}
