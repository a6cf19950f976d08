using System.Net;
using System.Text.Json;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Services;

namespace StreamGenre.StreamHost.Tests.Http;

[Trait("Category", "Server")]
public sealed class HttpApiTests
{
    [Fact]
    public async Task Page_AndItsParts_AreServedUnderAPolicyWithNothingInline()
    {
        await using var server = await TestServer.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.Server.HttpAddress) };
        foreach (var (path, type) in new[] { ("/", "text/html"), ("/scripts/main.js", "text/javascript"), ("/lib/uPlot.esm.js", "text/javascript"), ("/styles/base.css", "text/css") })
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("<script>", await http.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("ok\n", await http.GetStringAsync(new Uri("/healthz", UriKind.Relative)));
        using var look = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri("/healthz", UriKind.Relative)));
        Assert.Equal(HttpStatusCode.OK, look.StatusCode);
    }

    [Fact]
    public async Task StreamsAndEvents_OfAnEndedStream_EndWithItsLastUpdate()
    {
        await using var server = await TestServer.StartAsync();
        using var publisher = await SubscribeTests.OpenAsync(server, "a/b");
        await SubscribeTests.FinishAsync(publisher, 4);
        using var http = new HttpClient { BaseAddress = new Uri(server.Server.HttpAddress) };

        using var list = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/streams", UriKind.Relative)));
        Assert.Equal("a/b", list.RootElement.GetProperty("streams")[0].GetProperty("streamId").GetString());

        var events = await http.GetStringAsync(new Uri("/v1/streams/a%2Fb/updates", UriKind.Relative));
        using var update = JsonDocument.Parse(events.Split("data: ")[1]);
        Assert.Equal("STREAM_STATE_ENDED", update.RootElement.GetProperty("state").GetString());

        using var model = JsonDocument.Parse(await http.GetStringAsync(new Uri("/v1/model", UriKind.Relative)));
        Assert.Equal(4, model.RootElement.GetProperty("labels").GetArrayLength());
        using var missing = await http.GetAsync(new Uri("/v1/streams/none/updates", UriKind.Relative));
        await missing.AssertProblemAsync(HttpStatusCode.NotFound, "No stream has the id 'none'. GET /v1/streams lists those there are.");
    }

    [Theory]
    [InlineData("POST", "/v1/streams", "GET")]
    [InlineData("DELETE", "/v1/sources", "GET, POST")]
    [InlineData("GET", "/v1/classify", "POST")]
    [InlineData("PUT", "/v1/streams/a/updates", "GET")]
    public async Task Path_AnotherMethod_IsAProblemThatNamesItsMethods(string method, string path, string allowed)
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.Http();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await http.SendAsync(request);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow.Order(StringComparer.Ordinal)));
        await response.AssertProblemAsync(HttpStatusCode.MethodNotAllowed, $"{path} does not take {method}; it takes {allowed}.");
    }

    [Theory]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest, "not the JSON")]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType, "Content-Type is 'text/plain'")]
    public async Task AddSource_AnotherBody_IsAProblemThatShowsOne(string body, string type, HttpStatusCode status, string said)
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.Http();
        using var content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        using var response = await http.PostAsync(new Uri("/v1/sources", UriKind.Relative), content);
        await response.AssertProblemAsync(status, said);
        await response.AssertProblemAsync(status, """Send a JSON object such as {"url": """);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("POST", "/v1/nothing")]
    [InlineData("GET", "/v1/streams/a/nothing")]
    public async Task Path_ThatIsNotThere_IsAProblemThatSaysWhereToLook(string method, string path)
    {
        await using var server = await TestServer.StartAsync();
        using var http = server.Http();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await http.SendAsync(request);
        await response.AssertProblemAsync(HttpStatusCode.NotFound, $"There is nothing at {path}; /openapi.json lists what there is.");
    }
}
