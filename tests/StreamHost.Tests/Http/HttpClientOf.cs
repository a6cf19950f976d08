using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Http;

/// <summary>What the tests of HTTP ask a server.</summary>
internal static class HttpClientOf
{
    public static HttpClient Http(this TestServer server) => new() { BaseAddress = new Uri(server.Server.HttpAddress) };

    public static Uri Socket(this TestServer server, string path) => new(server.Server.HttpAddress.Replace("http://", "ws://", StringComparison.Ordinal) + path);

    public static async Task<ClientWebSocket> OpenSocketAsync(this TestServer server, string path, string? origin = null)
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        using var patience = new CancellationTokenSource(Eventually.Patience);
        await socket.ConnectAsync(server.Socket(path), patience.Token);
        return socket;
    }

    public static Task SendAsync(this ClientWebSocket socket, byte[] audio) => socket.SendAsync(audio, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

    public static Task SendAsync(this ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The next message: text as it is, the bytes of a binary one; null when the server closes.</summary>
    public static async Task<(string? Text, byte[] Bytes)?> ReadAsync(this ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(Eventually.Patience);
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, patience.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return part.MessageType == WebSocketMessageType.Text ? (Encoding.UTF8.GetString(whole.ToArray()), []) : (null, whole.ToArray());
            }
        }
    }

    /// <summary>All messages to the server's close, each a kind and what it says.</summary>
    public static async Task<List<(string Kind, JsonElement Value)>> ReadAllAsync(this ClientWebSocket socket)
    {
        var messages = new List<(string, JsonElement)>();
        while (await socket.ReadAsync() is var (text, _))
        {
            using var json = JsonDocument.Parse(text!);
            var property = json.RootElement.EnumerateObject().Single();
            messages.Add((property.Name, property.Value.Clone()));
        }

        return messages;
    }

    /// <summary>The data of every event of a body, with its id and its kind.</summary>
    public static List<(string? Kind, string? Id, JsonElement Data)> Events(string body) =>
    [
        .. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('\n')).Where(lines => lines.Any(line => line.StartsWith("data: ", StringComparison.Ordinal)))
            .Select(lines => (Field(lines, "event"), Field(lines, "id"), JsonDocument.Parse(Field(lines, "data")!).RootElement)),
    ];

    /// <summary>Checks that an answer is a problem of that status, which says that.</summary>
    public static async Task AssertProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string said)
    {
        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains(said, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static string? Field(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal))?[(name.Length + 2)..];
}
