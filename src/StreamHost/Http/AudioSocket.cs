using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Services;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Http;

/// <summary>
/// One sender's WebSocket: binary messages in, JSON text messages out. Back-pressure: the next bytes are read when the session has taken these, and TCP holds
/// the sender up. A sender that does not read its updates loses the oldest, as any subscriber does, and never stops its own stream.
/// </summary>
internal sealed class AudioSocket(WebSocket socket, StreamRegistry registry)
{
    // A third of a second of CD audio; longer messages are taken in parts.
    private const int ReceiveBytes = 64 * 1024;

    // RFC 6455, 5.5: what a close frame holds beside its status.
    private const int MaxReasonBytes = 123;

    // How long a sender may take to read what is said at the end.
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    /// <summary>Takes the audio to its end, and says what came of it.</summary>
    /// <exception cref="StreamRefusedException">The server is shutting down; what was taken is classified.</exception>
    /// <exception cref="HttpRefusedException">A text message is none that is known.</exception>
    public async Task RunAsync(StreamSession session, bool withUpdates, CancellationToken cancellationToken)
    {
        await SendAsync("open", WireJson.Write(WireUpdate.WriteInfo(session)), cancellationToken);
        var sending = withUpdates ? SendUpdatesAsync(session.Subscribe(1), cancellationToken) : Task.CompletedTask;
        try
        {
            await session.RunAsync(stop => ReceiveAsync(session, stop, cancellationToken), static _ => Task.CompletedTask, registry.Stopping, cancellationToken);
        }
        finally
        {
            // The stream has ended, and with it what is to be sent. Where they could not be sent there is nobody to say anything else to either.
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await SendAsync("summary", WireJson.Write(WireUpdate.WriteSummary(session)), cancellationToken);
        await CloseAsync(WebSocketCloseStatus.NormalClosure, "");
    }

    /// <summary>Says what is wrong, as a message for programs to read and by the close status, and closes.</summary>
    public async Task RefuseAsync(Exception error, int status, string detail)
    {
        try
        {
            using var patience = new CancellationTokenSource(Goodbye);
            await SendAsync("problem", HttpErrors.Json(status, detail), patience.Token);
            await CloseAsync(CloseStatusOf(error, status), Reason(detail));
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    // RFC 6455, 7.4.1, and IANA's registry for 1012 and 1013; 4000 and above are an application's own, here 4000 + the HTTP status.
    private static WebSocketCloseStatus CloseStatusOf(Exception error, int status) => error switch
    {
        IncompleteSampleException => WebSocketCloseStatus.InvalidPayloadData,
        StreamRefusedException { Refusal: StreamRefusal.TooManyStreams } => (WebSocketCloseStatus)1013,
        StreamRefusedException { Refusal: StreamRefusal.ShuttingDown } or ObjectDisposedException => (WebSocketCloseStatus)1012,
        ClassificationException => WebSocketCloseStatus.InternalServerError,
        _ => (WebSocketCloseStatus)(4000 + status),
    };

    private static string Reason(string detail)
    {
        // Cut between characters, whatever their length in UTF-8.
        Utf8.FromUtf16(detail, stackalloc byte[MaxReasonBytes], out var chars, out _);
        return detail[..chars];
    }

    private async Task ReceiveAsync(StreamSession session, CancellationToken stop, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReceiveBytes);
        while (true)
        {
            // To stop ends the wait and not the read: a cancelled read aborts the socket, and there is still something to say through it. The buffer is then left
            // to the garbage collector, because the read may still write into it.
            var received = await socket.ReceiveAsync(buffer.AsMemory(0, ReceiveBytes), cancellationToken).AsTask().WaitAsync(stop);
            switch (received.MessageType)
            {
                case WebSocketMessageType.Binary:
                    await session.WriteAsync(buffer.AsMemory(0, received.Count), cancellationToken);
                    break;
                case WebSocketMessageType.Text when !received.EndOfMessage || !IsEnd(buffer.AsSpan(0, received.Count)):
                    throw new HttpRefusedException(
                        StatusCodes.Status400BadRequest, "A text message is not {\"end\":true}, the only one there is; audio goes in binary messages.");
                default:
                    ArrayPool<byte>.Shared.Return(buffer);
                    return;
            }
        }
    }

    private static bool IsEnd(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            return JsonDocument.TryParseValue(ref reader, out var json)
                && json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("end", out var end) && end.ValueKind == JsonValueKind.True;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task SendUpdatesAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        using (subscription)
        {
            while (await subscription.ReadAsync(cancellationToken) is var (update, missed))
            {
                if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
                {
                    return;
                }

                await SendAsync("update", WireJson.Write(WireUpdate.Write(update, missed)), cancellationToken);
            }
        }
    }

    private Task SendAsync(string kind, string json, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes($"{{ \"{kind}\": {json} }}").AsMemory(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken).AsTask();

    // Reads on until the other side closes too: a connection that is closed with bytes unread is reset, and what was said last would be lost.
    private async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(Goodbye);
        await socket.CloseOutputAsync(status, reason, patience.Token);
        var rest = new byte[4096];
        while (socket.State == WebSocketState.CloseSent)
        {
            await socket.ReceiveAsync(rest.AsMemory(), patience.Token);
        }
    }
}
