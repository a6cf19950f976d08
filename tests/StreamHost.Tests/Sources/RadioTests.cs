using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using StreamGenre.StreamHost.Tests.Hosting;
using static StreamGenre.V1.SourceService;

namespace StreamGenre.StreamHost.Tests.Sources;

/// <summary>A real radio: music, FFmpeg as the studio, Icecast as the transmitter; and what befalls it.</summary>
[Trait("Category", "Server")]
public sealed class RadioTests
{
    [Fact]
    public async Task Radio_PlaysTwoGenresUnderTitles_BothAreHeard()
    {
        await using var icecast = await Icecast.StartAsync();
        await using var server = await SourceServer.StartAsync(("Model:Path", Path.Combine(AppContext.BaseDirectory, "models", "default.onnx")));
        await using var studio = await Feeder.StartAsync(icecast, "live.mp3", Feeder.Mp3, secondsOfEach: 9, [.. Feeder.Pieces]);

        // Latin-1, which is what Icecast takes titles of MP3 for; then UTF-8, which newer software sends.
        await icecast.SetTitleAsync("live.mp3", "F%FCr%20Elise");
        var id = await server.AddAsync(icecast.UrlOf("live.mp3"));
        using var subscription = server.Test.Client.Subscribe(new V1.SubscribeRequest { StreamId = id, FromSequence = 1 });
        var (genres, titles) = (new List<string>(), new List<string>());
        using var patience = new CancellationTokenSource(Eventually.Patience);
        bool BothAreHeardInTurn() => genres.IndexOf("classical") is >= 0 and var first && genres.LastIndexOf("electronic") > first;
        while (!(BothAreHeardInTurn() && titles.Contains("Für Elise") && titles.Contains("Größe")))
        {
            Assert.True(await subscription.ResponseStream.MoveNext(patience.Token));
            var update = subscription.ResponseStream.Current;
            genres.Add(update.WindowScores.MaxBy(score => score.Score)?.Genre ?? "");
            titles.Add(update.StreamTitle);
            if (titles.Contains("Für Elise") && !titles.Contains("Größe"))
            {
                await icecast.SetTitleAsync("live.mp3", "Gr%C3%B6%C3%9Fe&charset=UTF-8");
            }
        }

        Assert.Equal("Größe", (await server.InfoAsync(id)).StreamTitle);
        Assert.Equal("Größe", (await server.StreamAsync(id)).StreamTitle);
    }

    [Fact]
    public async Task Radio_StudioIsKilledAndComesBackWithAnotherCodec_GoesOnAsTheSameStream()
    {
        await using var icecast = await Icecast.StartAsync();
        await using var server = await SourceServer.StartAsync();
        var studio = await Feeder.StartAsync(icecast, "live", Feeder.Mp3, 0, Feeder.Pieces[0]);
        var id = await server.AddAsync(icecast.UrlOf("live"));
        using var subscription = server.Test.Client.Subscribe(new V1.SubscribeRequest { StreamId = id, FromSequence = 1 });
        await server.IsLiveAsync(id);
        await studio.DisposeAsync();
        var lost = await server.BecomesAsync(id, "two failures", source => source.Failures >= 2);
        Assert.Contains("404", lost.LastError, StringComparison.Ordinal);
        var before = (await server.StreamAsync(id)).LastSequence;

        await using var newStudio = await Feeder.StartAsync(icecast, "live", Feeder.Opus, 0, Feeder.Pieces[1]);
        await server.IsLiveAsync(id, connections: 2);
        using var patience = new CancellationTokenSource(Eventually.Patience);
        for (var expected = 1L; expected < before + 4; expected++)
        {
            Assert.True(await subscription.ResponseStream.MoveNext(patience.Token));
            Assert.Equal(expected, subscription.ResponseStream.Current.Sequence);
        }
    }

    [Fact]
    public async Task Radio_TransmitterIsStoppedThenKilledThenStartedAgain_IsBackAfterEach()
    {
        await using var icecast = await Icecast.StartAsync();
        await using var server = await SourceServer.StartAsync();
        var studio = await Feeder.StartAsync(icecast, "live.mp3", Feeder.Mp3, 0, Feeder.Pieces[0]);
        var id = await server.AddAsync(icecast.UrlOf("live.mp3"));
        await server.IsLiveAsync(id);

        await icecast.StopAsync();
        await server.BecomesAsync(id, "a stalled connection to be given up", source => source.LastError.Contains("the connection is open, but no audio came", StringComparison.Ordinal));
        await icecast.ContinueAsync();
        await server.IsLiveAsync(id, connections: 2);

        await icecast.KillAsync();
        await server.BecomesAsync(id, "the transmitter to be missed", source => source.LastError == "Connection refused");
        await studio.DisposeAsync();
        await icecast.StartAgainAsync();
        await using var newStudio = await Feeder.StartAsync(icecast, "live.mp3", Feeder.Mp3, 0, Feeder.Pieces[0]);
        await server.IsLiveAsync(id, connections: 3);
    }

    [Fact]
    public async Task Server_KilledWhileItsSourceIsStalled_LeavesNoFfmpegAndHasLoggedChangesAlone()
    {
        await using var icecast = await Icecast.StartAsync();
        var studio = await Feeder.StartAsync(icecast, "live.mp3", Feeder.Mp3, 0, Feeder.Pieces[0]);
        var folder = Directory.CreateTempSubdirectory("streamgenre-kill-").FullName;
        var config = Path.Combine(folder, "settings.json");
        var url = icecast.UrlOf("live.mp3");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(new { Sources = new { Items = new[] { new { Id = "radio", Url = url } } } }));
        var start = new ProcessStartInfo("dotnet", [typeof(StreamHost.Hosting.GenreServer).Assembly.Location, "serve", "--bind", "127.0.0.1", "--grpc-port", "0", "--http-port", "0", "--config", config])
        {
            RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["STREAMGENRE_Model__Path"] = TestServer.WriteModel(folder);
        foreach (var (key, value) in SourceServer.Impatient)
        {
            start.Environment["STREAMGENRE_" + key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        // A dead connection is kept here: it is the server's death that has to end it.
        start.Environment["STREAMGENRE_Sources__Supervision__RestartAfter"] = "01:00:00";
        using var server = Process.Start(start)!;
        var log = new List<string>();
        var grpc = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.Add(line.Data ?? "");
                if (line.Data?.Split("gRPC on ") is [_, var rest])
                {
                    grpc.TrySetResult(rest.Split(',')[0]);
                }
            }
        };
        server.BeginErrorReadLine();
        try
        {
            using var channel = GrpcChannel.ForAddress(await grpc.Task.WaitAsync(Eventually.Patience));
            var sources = new SourceServiceClient(channel);
            Task Becomes(V1.SourceState state, int failures = 0) => Eventually.TrueAsync(
                async () => (await sources.ListSourcesAsync(new V1.ListSourcesRequest())).Sources.Single() is var source && source.State == state && source.Failures >= failures, state.ToString());
            await Becomes(V1.SourceState.Live);
            await studio.DisposeAsync();
            await Becomes(V1.SourceState.BackingOff, failures: 4);
            await using var newStudio = await Feeder.StartAsync(icecast, "live.mp3", Feeder.Mp3, 0, Feeder.Pieces[0]);
            await Becomes(V1.SourceState.Live);
            await icecast.StopAsync();
            await Becomes(V1.SourceState.Stalled);
            await Eventually.TrueAsync(() => Task.FromResult(Told().Count == 5), "five lines");
            Assert.True(Listening(url));
            server.Kill();
            await server.WaitForExitAsync();
            await Eventually.TrueAsync(() => Task.FromResult(!Listening(url)), "FFmpeg to end with its server");
            await icecast.ContinueAsync();
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill(entireProcessTree: true);
            }

            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }

        string[] changes = ["added", "is live", "is lost", "is live", "is stalled"];
        var told = Told();
        Assert.Equal(changes.Length, told.Count);
        Assert.All(changes.Zip(told), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));

        List<string> Told()
        {
            lock (log)
            {
                return [.. log.Where(line => line.Contains("Source radio", StringComparison.Ordinal))];
            }
        }
    }

    // Whether any FFmpeg has the URL open; a zombie has no command line.
    private static bool Listening(string url) => Process.GetProcessesByName("ffmpeg").Any(process =>
    {
        using (process)
        {
            try
            {
                var arguments = File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0');
                return arguments.SkipWhile(argument => argument != "-i").Skip(1).FirstOrDefault() == url;
            }
            catch (IOException)
            {
                return false;
            }
        }
    });
}
