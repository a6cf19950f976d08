using Google.Protobuf;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Commands;

[Trait("Category", "Server")]
public sealed class ListenCommandTests : IDisposable
{
    private const string Noise = "lavfi:anoisesrc=amplitude=0.3";

    private readonly string _folder = Directory.CreateTempSubdirectory("streamgenre-listen-").FullName;
    private readonly string _model;

    public ListenCommandTests() => _model = TestServer.WriteModel(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Listen_TwoSources_NamesTheSourceInEachLine()
    {
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "listen", Noise, "http://127.0.0.1:1/x", "--name", "Noise FM", "--id", "n", "--seconds", "5");
        Assert.Equal((0, 0), (exitCode, errors.Length));
        Assert.Contains(output, line => line.StartsWith("n  0:00:0", StringComparison.Ordinal));
        Assert.Contains("127-0-0-1-x  backing off: Connection refused", output);
    }

    [Fact]
    public async Task Listen_AtAServer_AddsTheSourceAndTakesItAwayAgain()
    {
        await using var server = await TestServer.StartAsync(("Sources:AddedSchemes", "lavfi"));
        var url = server.Server.GrpcAddress;
        var (exitCode, output, _) = await BuiltProgram.RunAsync(_model, "listen", Noise, "--id", "noise", "--server", url, "--seconds", "5", "--json");
        Assert.Equal(0, exitCode);
        Assert.All(output, line => Assert.Equal("noise", JsonParser.Default.Parse<V1.GenreUpdate>(line).StreamId));
        Assert.NotEmpty(output);
        Assert.Empty((await BuiltProgram.RunAsync(_model, "sources", "--server", url, "--json")).Output);
    }

    [Fact]
    public async Task Sources_AddListRemove_AtAServer()
    {
        await using var server = await TestServer.StartAsync(("Sources:AddedSchemes", "lavfi"));
        var url = server.Server.GrpcAddress;
        Assert.Equal(0, (await BuiltProgram.RunAsync(_model, "sources", "add", Noise, "--name", "Noise FM", "--server", url)).ExitCode);
        var (_, listed, _) = await BuiltProgram.RunAsync(_model, "sources", "--server", url);
        Assert.Contains(listed, line => line.Contains("noise-fm", StringComparison.Ordinal) && line.Contains(Noise, StringComparison.Ordinal));
        Assert.Equal(0, (await BuiltProgram.RunAsync(_model, "sources", "remove", "noise-fm", "--server", url)).ExitCode);
        var (exitCode, _, errors) = await BuiltProgram.RunAsync(_model, "sources", "remove", "noise-fm", "--server", url);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("streamgenre: the server answered NOT_FOUND: No source has the id 'noise-fm'", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mic_DeviceOfFfmpegs_IsHeardForSoManySecondsOfItsSound()
    {
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "mic", "--device", Noise, "--seconds", "3", "--json");
        Assert.Equal((0, 0), (exitCode, errors.Length));
        Assert.Equal(2, output.Length);
        var (window, end) = (JsonParser.Default.Parse<V1.GenreUpdate>(output[0]), JsonParser.Default.Parse<V1.GenreUpdate>(output[1]));
        Assert.Equal((4, 3.0), (window.WindowScores.Count, window.WindowEnd.ToTimeSpan().TotalSeconds));
        Assert.Equal((V1.StreamState.Ended, 3.0), (end.State, end.WindowEnd.ToTimeSpan().TotalSeconds));
    }

    [Theory]
    [InlineData("can't be heard", "mic", "--device", "pulse:no-such-microphone")]
    [InlineData("apt-get install ffmpeg", "mic", "--list", "--ffmpeg", "/no/such/ffmpeg")]
    [InlineData("apt-get install ffmpeg", "listen", "http://127.0.0.1:1/", "--ffmpeg", "/no/such/ffmpeg")]
    [InlineData("has no scheme", "listen", "song.mp3")]
    [InlineData("once for each URL", "listen", "http://127.0.0.1:1/", "--name", "a", "--name", "b")]
    public async Task ListenOrMic_CanNotBeDone_SaysWhyInOneLine(string part, params string[] arguments)
    {
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, arguments);
        Assert.Equal((2, 0), (exitCode, output.Length));
        Assert.Contains(part, Assert.Single(errors), StringComparison.Ordinal);
    }
}
