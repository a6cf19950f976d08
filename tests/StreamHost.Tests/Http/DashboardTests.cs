using System.Reflection;
using System.Text.Json;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Sources;

namespace StreamGenre.StreamHost.Tests.Http;

/// <summary>The page as a browser shows it, with the shipped model and real sound.</summary>
[Trait("Category", "Server")]
public sealed class DashboardTests
{
    private static readonly string Root =
        typeof(DashboardTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "RepositoryRoot").Value!;

    private static readonly (string, string) Model = ("Model:Path", Path.Combine(Root, "models", "default.onnx"));

    private static string[] Songs => [.. Directory.GetFiles(Path.Combine(Root, "demo"), "*.wav").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Dashboard_MicrophoneFileRestartAndKeyboard_ShowsWhatIsHeardWithoutAnError()
    {
        var server = await TestServer.StartAsync(Model);
        try
        {
            var address = server.Server.HttpAddress;
            var found = await VisitAsync("dashboard.js", [address, Songs[0], Songs[^1]], async line =>
            {
                if (line != "restart")
                {
                    return null;
                }

                await server.DisposeAsync();
                server = await TestServer.StartAsync(Model, ("Server:HttpPort", $"{new Uri(address).Port}"));
                return "back";
            });
            Check(found);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Dashboard_SourceAddedAndRemovedByTheForm_IsHeardUntilThenAndRefusalsAreTold()
    {
        await using var icecast = await Icecast.StartAsync();
        await using var studio = await Feeder.StartAsync(icecast, "live.mp3", Feeder.Mp3, 0, Feeder.Pieces[0]);
        await icecast.SetTitleAsync("live.mp3", "Ode");
        await using var server = await SourceServer.StartAsync(Model);
        await using var readOnly = await SourceServer.StartAsync(
            ("Sources:AddingFrom", "Nobody"), ("Sources:Items:0:Id", "house"), ("Sources:Items:0:Url", "lavfi:anoisesrc=amplitude=0.3"));
        var url = icecast.UrlOf("live.mp3");
        var found = await VisitAsync("sources.js", [server.Test.Server.HttpAddress, url, readOnly.Test.Server.HttpAddress]);

        Assert.Contains("file", found.GetProperty("refusal").GetString(), StringComparison.Ordinal);
        Assert.Equal(("file:/etc/hostname", 0), (found.GetProperty("typed").GetString(), found.GetProperty("listedAfterRefusal").GetInt32()));
        Assert.Contains(url, found.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Equal(("", 0), (found.GetProperty("afterwards").GetString(), found.GetProperty("isOpen").GetInt32()));
        Assert.NotEqual("", found.GetProperty("genre").GetString());
        Assert.Equal("Ode", found.GetProperty("title").GetString());
        Assert.Empty((await server.Sources.ListSourcesAsync(new V1.ListSourcesRequest())).Sources);
        Assert.Equal("""{"listed":1,"buttons":0,"form":false}""", found.GetProperty("readOnly").GetRawText());
    }

    [Fact]
    public async Task Dashboard_TabIsSharedAndThenClosed_IsHeardUntilThen()
    {
        await using var server = await TestServer.StartAsync(Model);
        var found = await VisitAsync("tab.js", [server.Server.HttpAddress, Songs[0]]);
        Assert.Equal("Classical", found.GetProperty("genre").GetString());
        Assert.Equal(("true", "false"), (found.GetProperty("pressed").GetString(), found.GetProperty("pressedAfterwards").GetString()));
        Assert.Equal(0, found.GetProperty("senders").GetInt32());
        Assert.Equal("ended", found.GetProperty("late").GetString());
    }

    /// <summary>Runs a script on the page, which must have no error meanwhile and no violation of its content security policy.</summary>
    private static async Task<JsonElement> VisitAsync(string script, string[] arguments, Func<string, Task<string?>>? answer = null)
    {
        var found = await BrowserVisit.RunAsync(script, arguments, answer);
        AssertNone(found, "errors", "violations");
        return found;
    }

    private static void AssertNone(JsonElement found, params string[] lists)
    {
        foreach (var list in lists)
        {
            Assert.Empty(found.GetProperty(list).EnumerateArray().Select(item => item.GetString()));
        }
    }

    private static void Check(JsonElement found)
    {
        AssertNone(found, "contrastLight", "contrastDark");
        Assert.NotEqual("", found.GetProperty("microphoneGenre").GetString());
        Assert.NotEqual("", found.GetProperty("fileGenre").GetString());
        Assert.Contains(found.GetProperty("microphoneGenre").GetString()!, found.GetProperty("stripWords").GetString(), StringComparison.Ordinal);
        Assert.Equal(("search", "stream-title"), (found.GetProperty("searchFocused").GetString(), found.GetProperty("titleFocused").GetString()));
        Assert.Equal(11, found.GetProperty("scores").GetInt32());
        Assert.InRange(found.GetProperty("areaBefore").GetInt32(), 1, 400);
        Assert.Equal(2, found.GetProperty("areaParts").GetInt32());
        Assert.True(found.GetProperty("areaAfter").GetInt32() >= found.GetProperty("areaBefore").GetInt32(), "what was heard before the restart is gone");
        Assert.Equal("dark", found.GetProperty("theme").GetString());
        Assert.Equal((0, 0), (found.GetProperty("overflowStream").GetInt32(), found.GetProperty("overflowOverview").GetInt32()));
        Assert.Equal("false", found.GetProperty("pressed").GetString());
    }
}
