using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Http;

/// <summary>The page as a browser shows it, with the shipped model and the demo's music. Needs chromium, which tests/run installs where it may.</summary>
[Trait("Category", "Server")]
public sealed class DashboardTests
{
    [Fact]
    public async Task Dashboard_MicrophoneFileRestartAndKeyboard_ShowsWhatIsHeardWithoutAnError()
    {
        var root = Meta("RepositoryRoot");
        var model = ("Model:Path", Path.Combine(root, "models", "default.onnx"));
        var songs = Directory.GetFiles(Path.Combine(root, "demo"), "*.wav").Order(StringComparer.Ordinal).ToArray();
        var server = await TestServer.StartAsync(model);
        try
        {
            var address = server.Server.HttpAddress;
            var start = new ProcessStartInfo("node", [Path.Combine(Meta("NodeDirectory"), "dashboard.js"), Browser(), address, songs[0], songs[^1]])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            };
            using var process = Process.Start(start)!;
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
            try
            {
                var errors = process.StandardError.ReadToEndAsync(patience.Token);
                var last = "";
                while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
                {
                    last = line;
                    if (line == "restart")
                    {
                        await server.DisposeAsync();
                        server = await TestServer.StartAsync(model, ("Server:HttpPort", $"{new Uri(address).Port}"));
                        await process.StandardInput.WriteLineAsync("back".AsMemory(), patience.Token);
                        await process.StandardInput.FlushAsync(patience.Token);
                    }
                }

                await process.WaitForExitAsync(patience.Token);
                Assert.True(process.ExitCode == 0, await errors);
                Check(JsonDocument.Parse(last).RootElement);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static void Check(JsonElement found)
    {
        foreach (var none in new[] { "errors", "violations", "contrastLight", "contrastDark" })
        {
            Assert.Empty(found.GetProperty(none).EnumerateArray().Select(item => item.GetString()));
        }

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

    private static string Browser() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("no chromium on the PATH; install it (Debian: apt-get install chromium), or let tests/run do so");

    private static string Meta(string key) => typeof(DashboardTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;
}
