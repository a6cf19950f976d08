using System.Text.Json;
using StreamGenre.StreamHost.Tests.Commands;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.LoadTest;

[Trait("Category", "Server")]
public sealed class LoadTestCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamgenre-load-").FullName;
    private readonly string _model;

    public LoadTestCommandTests() => _model = TestServer.WriteModel(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task LoadTest_ServerOfItsOwn_FiguresAreThereAndFitTogether()
    {
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "loadtest", "--streams", "3", "--seconds", "2", "--json");
        Assert.Equal((0, 0), (exitCode, errors.Length));
        var result = JsonDocument.Parse(Assert.Single(output)).RootElement;
        AssertSound(result, streams: 3, windows: 6);
        var start = result.GetProperty("coldStart");
        Assert.InRange(start.GetProperty("listeningSeconds").GetDouble(), 0.01, start.GetProperty("firstUpdateSeconds").GetDouble());
    }

    [Fact]
    public async Task LoadTest_ServerThatRunsAtFullSpeed_MeasuresItAndLeavesItRunning()
    {
        await using var server = await TestServer.StartAsync();
        var (exitCode, output, _) = await BuiltProgram.RunAsync(
            _model, "loadtest", "--streams", "4", "--streams-per-connection", "2", "--speed", "max", "--seconds", "1", "--json", "--server", server.Server.GrpcAddress);
        Assert.Equal(0, exitCode);
        var result = JsonDocument.Parse(Assert.Single(output)).RootElement;
        AssertSound(result, streams: 4, windows: 5);
        Assert.False(result.TryGetProperty("coldStart", out _));
        Assert.True(server.Server.Statistics.ClassifiedWindows >= result.GetProperty("latencyMs").GetProperty("count").GetInt64());
        await Eventually.TrueAsync(() => Task.FromResult(server.Server.Statistics.OpenStreams == 0), "the streams to end");
    }

    [Fact]
    public async Task LoadTest_FindLimitThatNothingHolds_IsZeroAndExitCodeOne()
    {
        var (exitCode, output, _) = await BuiltProgram.RunAsync(
            _model, "loadtest", "--find-limit", "--streams", "1", "--seconds", "1", "--p99-ms", "0.0001", "--json");
        Assert.Equal((1, 2), (exitCode, output.Length));
        Assert.Equal(0, JsonDocument.Parse(output[1]).RootElement.GetProperty("limitStreams").GetInt32());
    }

    private static void AssertSound(JsonElement result, int streams, int windows)
    {
        Assert.Equal(streams, result.GetProperty("streams").GetInt32());
        Assert.Equal((0, 0, 0), (result.GetProperty("dropped").GetInt32(), result.GetProperty("lost").GetInt32(), result.GetProperty("failedStreams").GetInt32()));
        var latency = result.GetProperty("latencyMs");
        Assert.True(latency.GetProperty("count").GetInt32() >= windows);
        double[] rising = [0, .. new[] { "p50", "p95", "p99", "p999", "max" }.Select(name => latency.GetProperty(name).GetDouble())];
        Assert.True(rising[1] > 0);
        Assert.Equal(rising.Order(), rising);

        var server = result.GetProperty("server");
        var (audio, cpu) = (server.GetProperty("audioSeconds").GetDouble(), server.GetProperty("cpuSeconds").GetDouble());
        Assert.True(audio > 0 && cpu > 0);
        Assert.Equal(audio / cpu, server.GetProperty("audioSecondsPerCpuSecond").GetDouble(), 1e-6 * audio / cpu);
        Assert.True(server.GetProperty("residentBytes").GetInt64() > 10_000_000);
        var batches = server.GetProperty("batchSizes").EnumerateObject().Sum(size => int.Parse(size.Name) * size.Value.GetInt64());
        Assert.Equal(audio, batches);
    }
}
