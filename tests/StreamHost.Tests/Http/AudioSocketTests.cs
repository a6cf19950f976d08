using System.Net.WebSockets;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Services;

namespace StreamGenre.StreamHost.Tests.Http;

[Trait("Category", "Server")]
public sealed class AudioSocketTests
{
    private const string Query = "?encoding=s16le&rate=8000&overload=block";

    [Fact]
    public async Task Audio_ToItsEnd_GivesTheUpdatesThatGrpcGives()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await server.OpenSocketAsync("/v1/streams/a%2Fb/audio" + Query + "&updates=true");

        // Cut anywhere, inside samples too.
        foreach (var part in Sound.Noise(6).Chunk(7777))
        {
            await socket.SendAsync(part);
        }

        await socket.SendAsync("""{"end":true}""");
        var messages = await socket.ReadAllAsync();
        Assert.Equal(["open", "update", "update", "update", "update", "update", "summary"], messages.Select(message => message.Kind));
        Assert.Equal("a/b", messages[0].Value.GetProperty("streamId").GetString());
        Assert.Equal("STREAM_STATE_ENDED", messages[^2].Value.GetProperty("state").GetString());
        Assert.Equal(("6s", "4"), (messages[^1].Value.GetProperty("audioDuration").GetString(), messages[^1].Value.GetProperty("classifiedWindows").GetString()));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);

        using var publisher = await SubscribeTests.OpenAsync(server, "other");
        var summary = await SubscribeTests.FinishAsync(publisher, 6);
        Assert.Equal(
            summary.RollingScores.Select(score => (double)score.Score),
            messages[^1].Value.GetProperty("rollingScores").EnumerateArray().Select(score => score.GetProperty("score").GetDouble()), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public async Task Audio_ClosedByTheSender_IsFlushed()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await server.OpenSocketAsync("/v1/streams/a/audio" + Query);
        await socket.SendAsync(Sound.Noise(4.5));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        var stream = Assert.Single((await server.Client.ListStreamsAsync(new V1.ListStreamsRequest())).Streams);
        Assert.Equal((V1.StreamState.Ended, 4L, 4.5), (stream.State, stream.LastSequence, stream.AudioDuration.ToTimeSpan().TotalSeconds));
        Assert.NotNull(stream.ProcessingLatency);
    }

    [Fact]
    public async Task Audio_SenderVanishes_EndsTheStreamAndFreesTheId()
    {
        await using var server = await TestServer.StartAsync();
        var socket = await server.OpenSocketAsync("/v1/streams/a/audio" + Query);
        await socket.SendAsync(Sound.Noise(1));
        await socket.ReadAsync();
        socket.Abort();
        socket.Dispose();
        await Eventually.TrueAsync(
            async () => (await server.Client.ListStreamsAsync(new V1.ListStreamsRequest())).Streams.All(stream => stream.State == V1.StreamState.Ended), "the stream's end");
        using var again = await server.OpenSocketAsync("/v1/streams/a/audio" + Query);
        await again.SendAsync("""{"end":true}""");
        Assert.Equal("summary", (await again.ReadAllAsync())[^1].Kind);
    }

    [Theory]
    [InlineData("", 4400, "rate is missing")]
    [InlineData("?rate=8000&encoding=mp3", 4400, "'mp3'")]
    [InlineData("?rate=5&channels=9", 4400, "8000..192000")]
    [InlineData("?rate=8000&hop=0.01", 4400, "0.1..30")]
    [InlineData("?rate=8000&updates=maybe", 4400, "updates is 'maybe'")]
    [InlineData("?rate=8000&mode=éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé", 4400, "'ééé")]
    public async Task Audio_SettingsOutOfRange_AreAProblemThenAClose(string query, int status, string said)
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await server.OpenSocketAsync("/v1/streams/a/audio" + query);
        var problem = Assert.Single(await socket.ReadAllAsync());
        Assert.Equal("problem", problem.Kind);
        Assert.Contains(said, problem.Value.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, (int)socket.CloseStatus!);
    }

    [Fact]
    public async Task Audio_RefusedLater_SaysWhyByItsCloseStatus()
    {
        await using var server = await TestServer.StartAsync(("Sessions:MaxStreams", "1"));
        using var holder = await server.OpenSocketAsync("/v1/streams/a/audio" + Query);
        await holder.ReadAsync();
        Assert.Equal(4409, await CloseStatusAsync(server, "a", socket => socket.SendAsync([])));
        Assert.Equal(1013, await CloseStatusAsync(server, "b", socket => socket.SendAsync([])));
        await holder.SendAsync("hello");
        Assert.Equal("problem", (await holder.ReadAllAsync())[^1].Kind);
        Assert.Equal(4400, (int)holder.CloseStatus!);
        Assert.Equal(1007, await CloseStatusAsync(server, "b", async socket =>
        {
            await socket.SendAsync(new byte[3]);
            await socket.SendAsync("""{"end":true}""");
        }));
    }

    [Fact]
    public async Task Audio_ServerStops_WhatWasSentIsClassifiedAndTheSenderIsTold()
    {
        await using var server = await TestServer.StartAsync();
        using var socket = await server.OpenSocketAsync("/v1/streams/a/audio" + Query + "&updates=true");
        await socket.SendAsync(Sound.Noise(3.5));
        await socket.ReadAsync();
        await socket.ReadAsync();
        var stopping = server.Server.StopAsync();
        var messages = await socket.ReadAllAsync();
        Assert.Equal(["update", "problem"], messages.Select(message => message.Kind).TakeLast(2));
        Assert.Equal(1012, (int)socket.CloseStatus!);
        await stopping;
    }

    [Fact]
    public async Task Audio_OfAnotherSitesPage_IsRefused()
    {
        await using var server = await TestServer.StartAsync(("Server:AllowedOrigins:0", "https://music.example"));
        await Assert.ThrowsAsync<WebSocketException>(() => server.OpenSocketAsync("/v1/streams/a/audio" + Query, "https://other.example"));
        await Assert.ThrowsAsync<WebSocketException>(() => server.OpenSocketAsync("/v1/streams/a/audio" + Query, "null"));
        using var own = await server.OpenSocketAsync("/v1/streams/a/audio" + Query, server.Server.HttpAddress);
        using var allowed = await server.OpenSocketAsync("/v1/streams/b/audio" + Query, "https://music.example");
        Assert.Contains("open", (await allowed.ReadAsync())!.Value.Text!, StringComparison.Ordinal);
    }

    private static async Task<int> CloseStatusAsync(TestServer server, string id, Func<ClientWebSocket, Task> send)
    {
        using var socket = await server.OpenSocketAsync($"/v1/streams/{id}/audio" + Query);
        await send(socket);
        Assert.Equal("problem", (await socket.ReadAllAsync())[^1].Kind);
        return (int)socket.CloseStatus!;
    }
}
