using Grpc.Core;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Services;

[Trait("Category", "Server")]
public sealed class WatchGenresTests
{
    [Fact]
    public async Task WatchGenres_OneStream_TellsTheChangesOfItsUpdatesAndEndsWithIt()
    {
        await using var server = await TestServer.StartAsync();
        using var publisher = await OpenAsync(server, "kitchen");
        using var watch = server.Client.WatchGenres(new V1.WatchGenresRequest { StreamId = "kitchen" });
        using var all = server.Client.WatchGenres(new V1.WatchGenresRequest());
        await watch.ResponseHeadersAsync;
        await all.ResponseHeadersAsync;
        await SendAsync(publisher);
        var changes = await ReadAsync(watch);

        using var following = server.Client.Subscribe(new V1.SubscribeRequest { StreamId = "kitchen", FromSequence = 1 });
        var expected = new List<(long, string, string, V1.StreamState)>();
        var announced = "";
        await foreach (var update in following.ResponseStream.ReadAllAsync())
        {
            Assert.Equal(update.AnnouncedGenre != announced, update.AnnouncedChanged);
            if (update.AnnouncedChanged)
            {
                expected.Add((update.Sequence, announced, update.AnnouncedGenre, update.State));
                announced = update.AnnouncedGenre;
            }

            Assert.Equal(update.State == V1.StreamState.Silent, update.AnnouncedGenre.Length == 0);
            if (update.State == V1.StreamState.Ended)
            {
                expected.Add((update.Sequence, announced, "", update.State));
            }
        }

        Assert.True(expected.Count >= 4, "a genre, silence, a genre, the end");
        Assert.Equal(expected, changes.Select(change => (change.Sequence, change.FromGenre, change.ToGenre, change.State)));
        Assert.Equal(Enumerable.Range(1, changes.Count).Select(number => (long)number), changes.Select(change => change.Change));
        Assert.All(changes, change => Assert.InRange(change.Time.ToDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow));

        foreach (var change in changes)
        {
            Assert.True(await all.ResponseStream.MoveNext(default));
            Assert.Equal(change, all.ResponseStream.Current);
        }

        // Resumed after the second: the rest, and then the end.
        using var resumed = server.Client.WatchGenres(new V1.WatchGenresRequest { StreamId = "kitchen", AfterChange = 2 });
        Assert.Equal(changes[2..], await ReadAsync(resumed));
        using var late = server.Client.WatchGenres(new V1.WatchGenresRequest { StreamId = "kitchen" });
        Assert.Empty(await ReadAsync(late));
    }

    [Fact]
    public async Task WatchGenres_AllStreams_EndsWhenTheServerDoes()
    {
        await using var server = await TestServer.StartAsync();
        using var all = server.Client.WatchGenres(new V1.WatchGenresRequest());
        await all.ResponseHeadersAsync;
        var stopping = server.Server.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAsync(all));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        await stopping;
    }

    [Theory]
    [InlineData("nobody", null, StatusCode.NotFound)]
    [InlineData("", 1L, StatusCode.OutOfRange)]
    [InlineData("", -1L, StatusCode.InvalidArgument)]
    public async Task WatchGenres_WhatIsNot_IsRefused(string id, long? after, StatusCode expected)
    {
        await using var server = await TestServer.StartAsync();
        var request = new V1.WatchGenresRequest { StreamId = id };
        if (after is { } number)
        {
            request.AfterChange = number;
        }

        using var watch = server.Client.WatchGenres(request);
        Assert.Equal(expected, (await Assert.ThrowsAsync<RpcException>(() => ReadAsync(watch))).StatusCode);
    }

    [Fact]
    public async Task Config_ThresholdOfAnUnknownGenre_IsRefusedWithThoseThereAre()
    {
        await using var server = await TestServer.StartAsync();
        using var call = server.Client.Classify();
        var config = Sound.Config();
        config.Announcement = new V1.Announcement { GenreThresholds = { ["polka"] = 0.5f }, DwellWindows = 700 };
        config.Silence = new V1.SilenceGate { CloseDbfs = -30, OpenDbfs = -40 };
        var error = await Assert.ThrowsAsync<RpcException>(() => ClassifyTests.SendAsync(call, config, [], chunk: 1));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        foreach (var part in new[] { "'polka', which the model does not know; it knows alpha, beta, gamma, delta", "dwell_windows is 700; it must be 1..600", "open_dbfs is -40; it must be -30..0" })
        {
            Assert.Contains(part, error.Status.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Config_WhatItLeavesOut_IsTheServers()
    {
        await using var server = await TestServer.StartAsync(
            ("Streams:Silence:CloseDbfs", "-50"), ("Streams:Silence:OpenDbfs", "-45"), ("Streams:Announcement:Threshold", "0.6"),
            ("Streams:Announcement:GenreThresholds:beta", "0.9"), ("Streams:Announcement:DwellWindows", "5"));
        using var publisher = server.Client.Publish();
        var config = Sound.Config("a");
        config.Silence = new V1.SilenceGate { CloseDbfs = -40 };
        config.Announcement = new V1.Announcement { GenreThresholds = { ["gamma"] = 0.25f } };
        await publisher.RequestStream.WriteAsync(new V1.PublishRequest { Config = config });
        await publisher.ResponseHeadersAsync;
        var used = Assert.Single((await server.Client.ListStreamsAsync(new V1.ListStreamsRequest())).Streams).Config;
        Assert.Equal((-40, -40), (used.Silence.CloseDbfs, used.Silence.OpenDbfs));
        Assert.Equal((0.6f, 5), (used.Announcement.Threshold, used.Announcement.DwellWindows));
        Assert.Equal(new Dictionary<string, float> { ["beta"] = 0.9f, ["gamma"] = 0.25f }, used.Announcement.GenreThresholds.OrderBy(pair => pair.Key).ToDictionary());
        await publisher.RequestStream.CompleteAsync();
        await publisher.ResponseAsync;
    }

    [Fact]
    public async Task Settings_ThresholdOfAnUnknownGenre_KeepsTheServerFromStarting()
    {
        var error = await Assert.ThrowsAsync<StreamHost.Hosting.SettingsException>(() => TestServer.StartAsync(("Streams:Announcement:GenreThresholds:polka", "0.5")));
        Assert.Contains("Streams: announcement.genre_thresholds names 'polka'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A stream that announces whatever is top.</summary>
    internal static async Task<AsyncClientStreamingCall<V1.PublishRequest, V1.PublishSummary>> OpenAsync(TestServer server, string id)
    {
        var call = server.Client.Publish();
        var config = Sound.Config(id);
        config.OverloadPolicy = V1.OverloadPolicy.Block;
        config.Announcement = new V1.Announcement { Threshold = 0, DwellWindows = 1 };
        await call.RequestStream.WriteAsync(new V1.PublishRequest { Config = config });
        await call.ResponseHeadersAsync;
        return call;
    }

    /// <summary>Noise, silence and noise.</summary>
    internal static async Task SendAsync(AsyncClientStreamingCall<V1.PublishRequest, V1.PublishSummary> call)
    {
        byte[] audio = [.. Sound.Noise(8), .. new byte[2 * Sound.SampleRateHz * 6], .. Sound.Noise(6)];
        foreach (var part in audio.Chunk(64 * 1024))
        {
            await call.RequestStream.WriteAsync(new V1.PublishRequest { Audio = Google.Protobuf.ByteString.CopyFrom(part) });
        }

        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync;
    }

    private static async Task<List<V1.GenreChanged>> ReadAsync(AsyncServerStreamingCall<V1.GenreChanged> call)
    {
        var changes = new List<V1.GenreChanged>();
        await foreach (var change in call.ResponseStream.ReadAllAsync())
        {
            changes.Add(change);
        }

        return changes;
    }
}
