using System.Text.Json;
using Google.Protobuf;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Commands;

[Trait("Category", "Server")]
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamgenre-cli-").FullName;
    private readonly string _model;

    public CommandLineTests() => _model = TestServer.WriteModel(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Replay_WavAsJson_WritesUpdatesAndNothingElse()
    {
        var wav = Sound.WriteWav(_folder, "noise.wav", 6);
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "replay", wav, "--speed", "max", "--json", "--stream-id", "x");
        Assert.Equal((0, 0), (exitCode, errors.Length));
        var updates = output.Select(Update).ToList();
        Assert.Equal([1L, 2, 3, 4, 5], updates.Select(update => update.Sequence));
        Assert.Equal(V1.StreamState.Ended, updates[^1].State);
        Assert.All(updates, update => Assert.Equal("x", update.StreamId));
    }

    [Fact]
    public async Task Replay_AsJsonIntoAFileOfSeveralCommands_WritesOneBehindTheOther()
    {
        // A file has a place where writing goes on, which a pipe has not.
        var (first, second, written) = (Sound.WriteWav(_folder, "one.wav", 4), Sound.WriteWav(_folder, "Zwei \"ü\".wav", 5), Path.Combine(_folder, "updates.jsonl"));
        var program = typeof(StreamHost.Hosting.GenreServer).Assembly.Location;
        var (exitCode, _, _) = await BuiltProgram.RunAsync(
            "sh",
            ["-c", "{ dotnet \"$0\" replay \"$1\" \"$2\" --speed max --json && echo between && dotnet \"$0\" replay \"$1\" --speed max --json; } > \"$3\"", program, first, second, written],
            _model);
        Assert.Equal(0, exitCode);
        var lines = await File.ReadAllLinesAsync(written);
        Assert.Equal((11, "between"), (lines.Length, lines[7]));
        lines = [.. lines[..7], .. lines[8..]];
        Assert.Equal([1L, 2, 3, 1, 2, 3, 4, 1, 2, 3], lines.Select(line => Update(line).Sequence));
        Assert.Equal([first, first, first, second, second, second, second, first, first, first], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("file").GetString()));
    }

    [Fact]
    public async Task Tune_WithConfig_KeepsSettingsThatAServerTakes()
    {
        var path = Path.Combine(_folder, "tuned.json");
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "tune", "--seconds", "1", "--config", path);
        Assert.Equal((0, 0), (exitCode, errors.Length));
        Assert.Contains(output, line => line.StartsWith("Best: Batching:Lanes ", StringComparison.Ordinal));
        var settings = StreamHost.Hosting.HostSettings.Load(path, []);
        Assert.InRange(settings.Batching.Lanes * settings.Model.IntraOpThreads, 1, Environment.ProcessorCount);
        Assert.Contains(settings.Batching.MaxBatch, StreamHost.Tuning.LaneTuner.Batches(onCpu: true));
    }

    [Fact]
    public async Task Replay_FolderInWords_EndsWithATableOfItsFiles()
    {
        var album = Directory.CreateDirectory(Path.Combine(_folder, "album", "disc 1")).FullName;
        Sound.WriteWav(album, "one.wav", 4);
        Sound.WriteWav(album, "two.wav", 5);
        var (exitCode, output, _) = await BuiltProgram.RunAsync(
            _model, "replay", Path.Combine(_folder, "album"), "--speed", "max", "--window-hop", "0.5", "--smoothing", "log-mean", "--smoothing-seconds", "2", "--profile");
        Assert.Equal(0, exitCode);
        Assert.Contains(output, line => line.Contains("one.wav:", StringComparison.Ordinal) && line.Contains("4.0 s of audio", StringComparison.Ordinal));
        Assert.Equal(2, output.Count(line => line.Contains("two.wav", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ReplaySubscribeStreams_AgainstAServer_TellTheSameStory()
    {
        await using var server = await TestServer.StartAsync();
        var url = server.Server.GrpcAddress;
        var wav = Sound.WriteWav(_folder, "noise.wav", 5);
        Assert.Equal(0, (await BuiltProgram.RunAsync(_model, "replay", wav, "--speed", "max", "--server", url, "--stream-id", "kitchen")).ExitCode);

        var (_, streams, _) = await BuiltProgram.RunAsync(_model, "streams", "--server", url, "--json");
        Assert.Equal("kitchen", JsonParser.Default.Parse<V1.StreamInfo>(Assert.Single(streams)).StreamId);
        var (_, updates, _) = await BuiltProgram.RunAsync(_model, "subscribe", "kitchen", "--from", "1", "--server", url, "--json");
        Assert.Equal([1L, 2, 3, 4], updates.Select(line => JsonParser.Default.Parse<V1.GenreUpdate>(line).Sequence));
        var (_, model, _) = await BuiltProgram.RunAsync(_model, "model", "--server", url, "--json");
        Assert.Equal("tiny", JsonParser.Default.Parse<V1.GetModelResponse>(Assert.Single(model)).Name);
        Assert.Contains((await BuiltProgram.RunAsync(_model, "streams", "--server", url)).Output, line => line.Contains("kitchen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnyCommand_PortOfTheWebPage_IsToldTheOneOfGrpc()
    {
        await using var server = await TestServer.StartAsync();
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "streams", "--server", server.Server.HttpAddress);
        Assert.Equal((2, 0), (exitCode, output.Length));
        Assert.Equal(
            $"streamgenre: {server.Server.HttpAddress} speaks HTTP/1.1 and no gRPC, as a server's web page does; gRPC is at {server.Server.GrpcAddress}: name that with --server.",
            Assert.Single(errors));
    }

    [Fact]
    public async Task AnyCommand_HttpsToAPortWithoutTls_SaysSo()
    {
        await using var server = await TestServer.StartAsync();
        var address = server.Server.GrpcAddress.Replace("http:", "https:", StringComparison.Ordinal);
        var (exitCode, _, errors) = await BuiltProgram.RunAsync(_model, "streams", "--server", address);
        Assert.Equal(2, exitCode);
        Assert.StartsWith($"streamgenre: no answer from {address} (TLS failed: ", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("a port without TLS is named by http://", errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("model")]
    public async Task AnyCommand_ModelThatIsNotThere_NamesTheOption(string command)
    {
        var (exitCode, _, errors) = await BuiltProgram.RunAsync(_model, command, "--model", "nix.onnx");
        Assert.Equal((2, "streamgenre: Model:Path (--model) is 'nix.onnx', and there is no such file"), (exitCode, Assert.Single(errors)));
    }

    [Fact]
    public async Task Demo_ForSixSeconds_ShowsUpdatesAndEndsByItself()
    {
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "demo", "--seconds", "6", "--json", "--grpc-port", "0", "--http-port", "0");
        Assert.Equal(0, exitCode);
        var updates = output.Select(line => JsonParser.Default.Parse<V1.GenreUpdate>(line)).ToList();
        Assert.NotEmpty(updates);
        Assert.All(updates, update => Assert.Equal("demo", update.StreamId));
        Assert.Contains(errors, line => line.Contains("subscribe demo --server http://", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_OneFileOfThreeIsBroken_HearsTheOthersAndEndsWithTwo()
    {
        string[] good = [Sound.WriteWav(_folder, "a.wav", 4), Sound.WriteWav(_folder, "c.wav", 4)];
        var broken = Path.Combine(_folder, "b.wav");
        await File.WriteAllTextAsync(broken, "RIFF....WAVEnothing more");
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "replay", good[0], broken, good[1], "--speed", "max");
        Assert.Equal(2, exitCode);
        Assert.Contains(broken, Assert.Single(errors), StringComparison.Ordinal);
        Assert.All(good, file => Assert.Contains(output, line => line.StartsWith(file + ": ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Replay_WithoutFfmpeg_SaysHowToGetIt()
    {
        var file = Path.Combine(_folder, "song.mp3");
        await File.WriteAllBytesAsync(file, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, "replay", file, "--speed", "max", "--ffmpeg", "/no/such/ffmpeg");
        Assert.Equal((2, 0), (exitCode, output.Length));
        Assert.Contains("apt-get install ffmpeg", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_CertificateThatIsNotThere_NamesItRelativeToWhereItWasStarted()
    {
        var config = Path.Combine(_folder, "tls.json");
        await File.WriteAllTextAsync(config, """
            { "Kestrel": { "Endpoints": { "Grpc": { "Url": "https://127.0.0.1:0", "Certificate": { "Path": "no-such.pem", "KeyPath": "no-such.key" } } } } }
            """);
        var (exitCode, _, errors) = await BuiltProgram.RunInAsync(_folder, _model, "serve", "--config", config);
        Assert.Equal(2, exitCode);
        Assert.Contains(Path.Combine(_folder, "no-such.pem"), errors[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(errors, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no such file", "replay", "/no/such/file.wav")]
    [InlineData("no answer from http://127.0.0.1:9", "streams", "--server", "http://127.0.0.1:9")]
    [InlineData("--speed is 'fast'", "replay", "x.wav", "--speed", "fast")]
    [InlineData("--smoothing is 'median'", "replay", "x.wav", "--smoothing", "median")]
    [InlineData("must be a URL", "subscribe", "x", "--server", "studio")]
    [InlineData("70000", "serve", "--grpc-port", "70000")]
    [InlineData("/no/such.onnx", "serve", "--model", "/no/such.onnx")]
    [InlineData("--nonsense", "serve", "--nonsense")]
    [InlineData("no option '--spped'", "replay", "--spped", "max", "x.wav")]
    [InlineData("can't be given together with --server", "replay", "x.wav", "--server", "http://localhost:1", "--profile")]
    [InlineData("--find-limit needs a pace", "loadtest", "--find-limit", "--speed", "max")]
    [InlineData("--streams is 0; it must be 1..65536", "loadtest", "--streams", "0")]
    [InlineData("no answer from http://127.0.0.1:9", "loadtest", "--server", "http://127.0.0.1:9")]
    [InlineData("the server did not start: streamgenre: Model:Path (--model) is '/no/such.onnx'", "loadtest", "--model", "/no/such.onnx")]
    [InlineData("can't be given together", "model", "--model", "a.onnx", "--server", "http://localhost:1")]
    [InlineData("There is no command 'nonsense'; there are serve, demo, ", "nonsense")]
    [InlineData("There is no command 'sources foo'; there are sources add, sources remove. See 'sources --help'.", "sources", "foo")]
    [InlineData("Name a command: serve, demo, ")]
    [InlineData("There is no option '--nonsense'. See 'sources add --help'.", "sources", "add", "x", "--nonsense")]
    [InlineData("streamgenre: There is no option '--foo'. See 'listen --help'.", "listen", "http://localhost:1", "--foo")]
    [InlineData("'streams' takes no 'kitchen'. See 'streams --help'.", "streams", "kitchen")]
    [InlineData("--from is 'x'; it must be a whole number. See", "subscribe", "kitchen", "--from", "x")]
    [InlineData("--device is 'gpu'; it must be auto, cpu or cuda. See", "serve", "--device", "gpu")]
    [InlineData("--speed is '1,5'; it must be 0.1..1000 or max", "replay", "x.wav", "--speed", "1,5")]
    [InlineData("--window-hop is '0,5'; write decimals with a point", "replay", "x.wav", "--window-hop", "0,5")]
    [InlineData("--max-delay-ms is 1E+300; it must be 0..1000", "serve", "--max-delay-ms", "1e300")]
    [InlineData("--max-delay-ms is 'NaN'; it must be a finite number", "serve", "--max-delay-ms", "NaN")]
    [InlineData("--max-delay-ms is 'abc'; it must be a number. See", "serve", "--max-delay-ms", "abc")]
    [InlineData("--tune is 0; it must be 1..600 seconds", "serve", "--tune", "0")]
    [InlineData("--tune finds the batches too", "serve", "--tune", "--max-batch", "4")]
    [InlineData("--streams is '1e3'; it must be a whole number", "loadtest", "--streams", "1e3")]
    [InlineData("--seconds is '5s'; it must be a number. See", "loadtest", "--seconds", "5s")]
    [InlineData("--p99-ms is 0; it must be 0.0001..60000", "loadtest", "--p99-ms", "0")]
    [InlineData("--config is '/no/such/settings.json', which lies in no folder that is there; name a file", "tune", "--config", "/no/such/settings.json")]
    [InlineData("--config is '/', a folder; name a file", "tune", "--config", "/")]
    [InlineData("--model is for the server inside", "mic", "--server", "http://localhost:1", "--model", "x.onnx")]
    public async Task AnyCommand_BadInput_IsOneLineAndExitCodeTwo(string said, params string[] arguments)
    {
        var (exitCode, output, errors) = await BuiltProgram.RunAsync(_model, arguments);
        Assert.Equal((2, 0), (exitCode, output.Length));
        Assert.Contains(said, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_PathOfAFile_SaysHowFilesAreHeard()
    {
        var wav = Sound.WriteWav(_folder, "a.wav", 1);
        var (exitCode, _, errors) = await BuiltProgram.RunAsync(_model, "listen", wav);
        Assert.Equal(2, exitCode);
        Assert.Contains($"'{wav}' is a file: replay hears it at any speed; listen takes it as file:{wav}", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tune_ServerForTheCommandsInTheEnvironment_IsNoSettingOfServer()
    {
        // As the help of subscribe, streams and others recommends; 'serve' reads its settings alike.
        var (exitCode, output, _) = await BuiltProgram.RunAsync("env", ["STREAMGENRE_SERVER=http://studio:50051", "dotnet", typeof(GenreServer).Assembly.Location, "tune", "--seconds", "1"], _model, _folder);
        Assert.Equal(0, exitCode);
        Assert.Contains(output, line => line.StartsWith("Best: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Serve_Tune_MeasuresKeepsTheBestAndServesWithIt()
    {
        var config = Path.Combine(_folder, "tuned.json");

        // Ends where it would listen, so that what it did before is all that is seen.
        var (exitCode, output, _) = await BuiltProgram.RunAsync(_model, "serve", "--tune", "1", "--config", config, "--bind", "192.0.2.1", "--grpc-port", "0", "--http-port", "0");
        Assert.Equal(2, exitCode);
        Assert.Contains(output, line => line.StartsWith("Best: Batching:Lanes ", StringComparison.Ordinal));
        Assert.InRange(HostSettings.Load(config, []).Batching.Lanes, 1, Environment.ProcessorCount);
    }

    [Fact]
    public async Task Serve_AddressOfAnotherMachine_IsOneLine()
    {
        // 192.0.2.1 is for documents alone (RFC 5737): no machine has it.
        var (exitCode, _, errors) = await BuiltProgram.RunAsync(_model, "serve", "--bind", "192.0.2.1", "--grpc-port", "0", "--http-port", "0");
        Assert.Equal(2, exitCode);
        Assert.StartsWith("streamgenre: can't listen: Cannot assign requested address. See --bind", errors[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    [InlineData("replay")]
    [InlineData("subscribe")]
    [InlineData("streams")]
    [InlineData("model")]
    [InlineData("loadtest")]
    public async Task Help_OfACommand_ShowsExamples(string command)
    {
        var (exitCode, output, _) = await BuiltProgram.RunAsync(_model, command, "--help");
        Assert.Equal(0, exitCode);
        Assert.Contains("Examples:", output);
        Assert.Contains(output, line => line.StartsWith($"  streamgenre {command}", StringComparison.Ordinal));
    }

    /// <summary>A line of replay, which names its file beside the update's fields.</summary>
    private static V1.GenreUpdate Update(string line) => new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<V1.GenreUpdate>(line);
}
