using System.Net;
using System.Text.Json;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Services;

namespace StreamGenre.StreamHost.Tests.Http;

[Trait("Category", "Server")]
public sealed class UpdateEventsTests
{
    [Fact]
    public async Task Updates_WithFromAndLastEventId_ResumeThereAndCountWhatIsLost()
    {
        await using var server = await TestServer.StartAsync(("Sessions:HistoryUpdates", "4"));
        using var publisher = await SubscribeTests.OpenAsync(server, "a");
        await SubscribeTests.FinishAsync(publisher, 10);
        using var http = server.Http();

        // Windows end at 3..10 s: 8 updates and the last; the history holds 6..9.
        var all = HttpClientOf.Events(await http.GetStringAsync(Relative("/v1/streams/a/updates?from=2")));
        Assert.Equal(["6", "7", "8", "9"], all.Select(item => item.Id!));
        Assert.Equal("4", all[0].Data.GetProperty("missedUpdates").GetString());
        Assert.Equal(["8", "9"], await ResumeAsync(http, "7"));

        // Of an earlier stream of this id: all of the new one.
        Assert.Equal(["6", "7", "8", "9"], await ResumeAsync(http, "500"));

        using var done = await AskAsync(http, "9");
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
    }

    [Fact]
    public async Task Updates_AreSentSoThatProxiesPassThemOn()
    {
        await using var server = await TestServer.StartAsync();
        using var publisher = await SubscribeTests.OpenAsync(server, "a");
        await SubscribeTests.FinishAsync(publisher, 3);
        using var http = server.Http();
        using var response = await http.GetAsync(Relative("/v1/streams/a/updates"));
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.StartsWith("retry: 1000\n\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/streams/none/updates", HttpStatusCode.NotFound, "'none'")]
    [InlineData("/v1/streams/a/updates?from=99", HttpStatusCode.BadRequest, "has reached 2")]
    [InlineData("/v1/streams/a/updates?from=x", HttpStatusCode.BadRequest, "'x'")]
    [InlineData("/v1/streams/a/updates?from=0", HttpStatusCode.BadRequest, "from is '0'")]
    [InlineData("/v1/nowhere", HttpStatusCode.NotFound, "")]
    [InlineData("/v1/streams/a/audio", HttpStatusCode.UpgradeRequired, "WebSocket")]
    public async Task Get_WhatIsNotThere_IsAProblemThatSaysSo(string path, HttpStatusCode status, string said)
    {
        await using var server = await TestServer.StartAsync();
        using var publisher = await SubscribeTests.OpenAsync(server, "a");
        await SubscribeTests.FinishAsync(publisher, 3);
        using var http = server.Http();
        using var response = await http.GetAsync(Relative(path));
        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Contains(said, said.Length == 0 ? "" : problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_StreamsComeAndGo_TellsAllAtFirstThenWhatChanged()
    {
        await using var server = await TestServer.StartAsync(("Sessions:EndedRetention", "00:00:00"));
        using var publisher = await SubscribeTests.OpenAsync(server, "a");
        await publisher.RequestStream.WriteAsync(new V1.PublishRequest { Audio = Sound.NoiseBytes(6.5) });
        await Eventually.TrueAsync(async () => (await server.Client.ListStreamsAsync(new V1.ListStreamsRequest())).Streams[0].LastSequence == 4, "four updates");
        using var http = server.Http();
        using var patience = new CancellationTokenSource(Eventually.Patience);
        using var reader = new StreamReader(await http.GetStreamAsync(Relative("/v1/events"), patience.Token));

        var legend = await NextAsync(reader, patience.Token);
        Assert.Equal(["alpha", "beta", "gamma", "delta"], legend.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!));
        var first = await NextAsync(reader, patience.Token);
        Assert.True(first.GetProperty("full").GetBoolean());
        var stream = first.GetProperty("streams")[0];
        Assert.Equal(("a", "WARMING_UP", 4), (stream.GetProperty("id").GetString(), stream.GetProperty("state").GetString(), stream.GetProperty("sequence").GetInt32()));
        Assert.Equal(60, stream.GetProperty("strip").GetProperty("heard").GetArrayLength());
        Assert.InRange(stream.GetProperty("strip").GetProperty("heard").EnumerateArray().Last().GetInt32(), -1, 3);

        await publisher.RequestStream.WriteAsync(new V1.PublishRequest { Audio = Sound.NoiseBytes(1) });
        var changed = await NextWhereAsync(reader, changes => changes.GetProperty("streams").GetArrayLength() > 0, patience.Token);
        Assert.False(changed.GetProperty("full").GetBoolean());
        Assert.False(changed.GetProperty("streams")[0].TryGetProperty("strip", out _));

        publisher.Dispose();
        var gone = await NextWhereAsync(reader, changes => changes.GetProperty("removed").GetArrayLength() > 0, patience.Token);
        Assert.Equal("a", gone.GetProperty("removed")[0].GetString());
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, string lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Relative("/v1/streams/a/updates?from=1"));
        request.Headers.Add("Last-Event-ID", lastEventId);
        return await http.SendAsync(request);
    }

    private static async Task<IEnumerable<string>> ResumeAsync(HttpClient http, string lastEventId)
    {
        using var response = await AskAsync(http, lastEventId);
        return HttpClientOf.Events(await response.Content.ReadAsStringAsync()).Select(item => item.Id!);
    }

    private static async Task<JsonElement> NextWhereAsync(StreamReader reader, Func<JsonElement, bool> wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await NextAsync(reader, cancellationToken) is var changes && wanted(changes))
            {
                return changes;
            }
        }
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line[6..]).RootElement;
            }
        }

        throw new EndOfStreamException();
    }
}
