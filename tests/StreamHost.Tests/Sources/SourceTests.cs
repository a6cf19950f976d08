using System.Net;
using System.Text;
using Grpc.Core;
using StreamGenre.StreamHost.Tests.Hosting;
using StreamGenre.StreamHost.Tests.Services;

namespace StreamGenre.StreamHost.Tests.Sources;

[Trait("Category", "Server")]
public sealed class SourceTests
{
    private const string Noise = "lavfi:anoisesrc=amplitude=0.3";
    private static readonly (string, string) Lavfi = ("Sources:AddedSchemes", "http,lavfi");

    [Fact]
    public async Task AddSource_Generator_IsAStreamThatIsHeardUntilItIsRemoved()
    {
        await using var server = await SourceServer.StartAsync(Lavfi);
        var added = await server.Sources.AddSourceAsync(new V1.AddSourceRequest { Url = Noise, Id = "noise", Name = "Noise FM" });
        Assert.Equal(("noise", "Noise FM", Noise, false), (added.Id, added.Name, added.Url, added.Configured));
        using var subscription = server.Test.Client.Subscribe(new V1.SubscribeRequest { StreamId = "noise", FromSequence = 1 });
        Assert.True(await subscription.ResponseStream.MoveNext(default));
        Assert.Equal(4, subscription.ResponseStream.Current.RollingScores.Count);
        await server.IsLiveAsync("noise");
        Assert.Equal("Noise FM", (await server.StreamAsync("noise")).Name);

        await server.Sources.RemoveSourceAsync(new V1.RemoveSourceRequest { Id = "noise" });
        while (subscription.ResponseStream.Current.State != V1.StreamState.Ended)
        {
            Assert.True(await subscription.ResponseStream.MoveNext(default));
        }

        Assert.Empty((await server.Sources.ListSourcesAsync(new V1.ListSourcesRequest())).Sources);
    }

    [Fact]
    public async Task AddSource_SourceThatIsFasterThanTime_IsHeardAtThePaceOfTheClock()
    {
        await using var server = await SourceServer.StartAsync(Lavfi, ("Sources:Supervision:MaxLead", "00:00:02"));
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        var id = await server.AddAsync(Noise);
        await Eventually.TrueAsync(async () => (await server.StreamAsync(id)).AudioDuration.ToTimeSpan() > TimeSpan.FromSeconds(3), "three seconds of audio");
        var audio = (await server.StreamAsync(id)).AudioDuration.ToTimeSpan();

        // Its stream began after the stopwatch did; one read, a quarter of a second, may go beyond the lead.
        Assert.InRange(audio, TimeSpan.FromSeconds(3), System.Diagnostics.Stopwatch.GetElapsedTime(start) + TimeSpan.FromSeconds(2.25));
    }

    [Fact]
    public async Task Source_DigitalSilence_IsSilent()
    {
        await using var server = await SourceServer.StartAsync(Lavfi);
        var id = await server.AddAsync("lavfi:anullsrc");
        await server.BecomesAsync(id, "SILENT", source => source.State == V1.SourceState.Silent);
        await Eventually.TrueAsync(async () => (await server.StreamAsync(id)).State == V1.StreamState.Silent, "a silent stream");
    }

    [Fact]
    public async Task Source_NobodyThere_FailsAfterItsTriesWhileItsStreamHearsSilence()
    {
        await using var server = await SourceServer.StartAsync(("Sources:Supervision:MaxFailures", "3"));
        var id = await server.AddAsync("http://me:topsecret@127.0.0.1:1/live.mp3?token=topsecret");
        var failed = await server.BecomesAsync(id, "FAILED", source => source.State == V1.SourceState.Failed);
        Assert.Equal((3, 0L, "Connection refused"), (failed.Failures, failed.Connections, failed.LastError));
        Assert.DoesNotContain("topsecret", failed.ToString(), StringComparison.Ordinal);
        Assert.True(failed.NextTry.ToDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(10));
        await Eventually.TrueAsync(async () => (await server.StreamAsync(id)).State == V1.StreamState.Silent, "a silent stream");
    }

    [Fact]
    public async Task Source_TurnsToGarbage_IsAskedForAnew()
    {
        // An MP3 whose rest is noise: FFmpeg finds no more audio in it, and the radio sends nothing else.
        var song = await Mp3Async();
        var garbage = new byte[200_000];
        new Random(1).NextBytes(garbage);
        await using var radio = new RawRadio(listener => listener == 1 ? [.. song, .. garbage] : song);
        await using var server = await SourceServer.StartAsync();
        var id = await server.AddAsync(radio.Url);
        var again = await server.BecomesAsync(id, "a second connection", source => source.Connections >= 2);
        Assert.NotEqual("", again.LastError);
    }

    [Fact]
    public async Task Source_GarbageFromTheStart_SaysThatItIsNoAudio()
    {
        var garbage = new byte[2_000_000];
        new Random(2).NextBytes(garbage);
        await using var radio = new RawRadio(_ => garbage);
        await using var server = await SourceServer.StartAsync(("Sources:Supervision:ConnectTimeout", "00:00:04"));
        var id = await server.AddAsync(radio.Url);
        Assert.NotEqual("", (await server.BecomesAsync(id, "BACKING_OFF", source => source.State == V1.SourceState.BackingOff)).LastError);
    }

    [Fact]
    public async Task Source_PlaylistOfTheNetworkThatNamesAFile_OpensNoFile()
    {
        // The file is there, and FFmpeg could well decode it.
        var file = Sound.WriteWav(Path.GetTempPath(), $"streamgenre-{Guid.NewGuid():N}.wav", 5);
        try
        {
            var playlist = $"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://{file}\n#EXT-X-ENDLIST\n";
            await using var radio = new RawRadio(_ => Encoding.UTF8.GetBytes(playlist), closes: true);
            await using var server = await SourceServer.StartAsync();
            var id = await server.AddAsync(radio.Url.Replace(".mp3", ".m3u8", StringComparison.Ordinal));
            var refused = await server.BecomesAsync(id, "two failures", source => source.Failures >= 2);
            Assert.Equal(0, refused.Connections);
            Assert.NotEqual("", refused.LastError);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task AddSource_RequestsThatAreNotSound_AreRefusedWithTheRightStatus()
    {
        await using var server = await SourceServer.StartAsync(("Sources:MaxSources", "1"));
        using var publisher = await SubscribeTests.OpenAsync(server.Test, "studio");
        async Task<StatusCode> CodeAsync(string url, string id = "") => (await Assert.ThrowsAsync<RpcException>(() => server.AddAsync(url, id))).StatusCode;
        Assert.Equal(StatusCode.InvalidArgument, await CodeAsync("nowhere"));
        Assert.Equal(StatusCode.InvalidArgument, await CodeAsync("http://x/", "a b"));
        Assert.Equal(StatusCode.PermissionDenied, await CodeAsync("file:/etc/passwd"));
        Assert.Equal(StatusCode.PermissionDenied, await CodeAsync(Noise));
        Assert.Equal(StatusCode.AlreadyExists, await CodeAsync("http://x/", "studio"));
        await server.AddAsync("http://127.0.0.1:1/", "one");
        Assert.Equal(StatusCode.ResourceExhausted, await CodeAsync("http://127.0.0.1:1/", "two"));
        var missing = await Assert.ThrowsAsync<RpcException>(() => server.Sources.RemoveSourceAsync(new V1.RemoveSourceRequest { Id = "none" }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task AddSource_NobodyMayOrNoFfmpeg_SaysWhatToSet()
    {
        await using var closed = await SourceServer.StartAsync(("Sources:AddingFrom", "Nobody"));
        var refused = await Assert.ThrowsAsync<RpcException>(() => closed.AddAsync("http://x/"));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Contains("Sources:AddingFrom", refused.Status.Detail, StringComparison.Ordinal);

        await using var bare = await SourceServer.StartAsync(("Sources:Ffmpeg", "/no/such/ffmpeg"));
        var missing = await Assert.ThrowsAsync<RpcException>(() => bare.AddAsync("http://x/"));
        Assert.Equal(StatusCode.FailedPrecondition, missing.StatusCode);
        Assert.Contains("apt-get install ffmpeg", missing.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_AddListRemove_WorksWithoutGrpcAndTakesJsonAlone()
    {
        await using var server = await SourceServer.StartAsync(Lavfi);
        using var http = new HttpClient { BaseAddress = new Uri(server.Test.Server.HttpAddress) };
        async Task<HttpStatusCode> PostAsync(string body, string type = "application/json", string? host = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sources") { Content = new StringContent(body, Encoding.UTF8, type) };
            request.Headers.Host = host;
            using var response = await http.SendAsync(request);
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await PostAsync($$"""{"url": "{{Noise}}", "id": "a/b", "windowHop": "0.5s"}"""));
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync($$"""{"url": "{{Noise}}", "id": "a/b"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("""{"uri": "http://x/"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("not json"));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync("[" + new string(' ', 70_000)));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("""{"url": "file:/etc/passwd"}"""));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PostAsync("""{"url": "http://x/"}""", "text/plain"));
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync("""{"url": "http://x/"}""", host: "rebound.example"));

        Assert.Contains("\"id\": \"a/b\"", await http.GetStringAsync(new Uri("/v1/sources", UriKind.Relative)), StringComparison.Ordinal);
        using var removed = await http.DeleteAsync(new Uri("/v1/sources/a%2Fb", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, removed.StatusCode);
        using var again = await http.DeleteAsync(new Uri("/v1/sources/a%2Fb", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task Items_OfTheSettings_AreListenedToAndEndWithTheServer()
    {
        await using var server = await SourceServer.StartAsync(("Sources:Items:0:Url", Noise), ("Sources:Items:0:Id", "noise"), ("Sources:Items:1:Url", "http://127.0.0.1:1/"));
        Assert.True((await server.IsLiveAsync("noise")).Configured);
        Assert.Equal(2, (await server.Sources.ListSourcesAsync(new V1.ListSourcesRequest())).Sources.Count);
        using var subscription = server.Test.Client.Subscribe(new V1.SubscribeRequest { StreamId = "noise" });
        await subscription.ResponseHeadersAsync;
        var stopping = server.Test.Server.StopAsync();
        var last = V1.StreamState.Unspecified;
        while (await subscription.ResponseStream.MoveNext(default))
        {
            last = subscription.ResponseStream.Current.State;
        }

        Assert.Equal(V1.StreamState.Ended, last);
        await stopping.WaitAsync(Eventually.Patience);
    }

    private static async Task<byte[]> Mp3Async()
    {
        var file = Path.Combine(Path.GetTempPath(), $"streamgenre-{Guid.NewGuid():N}.mp3");
        await AudioFiles.Tests.Ffmpeg.RunAsync("-f", "lavfi", "-i", "anoisesrc=d=4:a=0.3:r=22050", "-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0", "-id3v2_version", "0", file);
        var bytes = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        return bytes;
    }
}
