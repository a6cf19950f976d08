using Grpc.Core;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Services;

[Trait("Category", "Server")]
public sealed class ClassifyTests
{
    [Fact]
    public async Task Classify_HalfClosed_FlushesAndEndsWithEnded()
    {
        await using var server = await TestServer.StartAsync();
        using var call = server.Client.Classify();
        var updates = await SendAsync(call, Sound.Config(), Sound.Noise(5.5), chunk: 1001);

        // Three whole hops, then what the half-close flushes, then the end.
        Assert.Equal([1L, 2, 3, 4, 5], updates.Select(update => update.Sequence));
        Assert.Equal([3.0, 4, 5, 5.5, 5.5], updates.Select(update => update.WindowEnd.ToTimeSpan().TotalSeconds));
        Assert.All(updates[..4], update => Assert.Equal(V1.StreamState.WarmingUp, update.State));
        Assert.Equal(V1.StreamState.Ended, updates[4].State);
        Assert.Empty(updates[4].WindowScores);
        Assert.All(updates[..4], update => Assert.Equal(1, update.WindowScores.Sum(score => score.Score), 1e-4));
        Assert.All(updates, update =>
        {
            Assert.Equal(["alpha", "beta", "gamma", "delta"], update.RollingScores.Select(score => score.Genre));
            Assert.Equal(1, update.RollingScores.Sum(score => score.Score), 1e-4);
            Assert.Equal(update.RollingScores.MaxBy(score => score.Score)!.Genre, update.TopGenre);
            Assert.Equal("tiny", update.ModelName);
        });
    }

    [Fact]
    public async Task Classify_AnyChunking_GivesTheSameScores()
    {
        await using var server = await TestServer.StartAsync();
        using var small = server.Client.Classify();
        using var whole = server.Client.Classify();
        var a = await SendAsync(small, Sound.Config(), Sound.Noise(6), chunk: 777);
        var b = await SendAsync(whole, Sound.Config(), Sound.Noise(6), chunk: int.MaxValue);
        Assert.Equal(b.Select(update => update.RollingScores), a.Select(update => update.RollingScores));
    }

    [Fact]
    public async Task Classify_SilentAudio_SaysSilent()
    {
        await using var server = await TestServer.StartAsync();
        using var call = server.Client.Classify();
        var updates = await SendAsync(call, Sound.Config(), new byte[2 * Sound.SampleRateHz * 4], chunk: int.MaxValue);
        Assert.Equal([V1.StreamState.Silent, V1.StreamState.Silent, V1.StreamState.Ended], updates.Select(update => update.State));
        Assert.All(updates, update => Assert.Empty(update.RollingScores));
    }

    [Fact]
    public async Task Classify_WithAndWithoutId_OnlyTheNamedStreamIsListed()
    {
        await using var server = await TestServer.StartAsync();
        using var named = server.Client.Classify();
        using var anonymous = server.Client.Classify();
        await SendAsync(named, Sound.Config("named"), Sound.Noise(4), chunk: int.MaxValue);
        var own = await SendAsync(anonymous, Sound.Config(), Sound.Noise(4), chunk: int.MaxValue);

        var list = await server.Client.ListStreamsAsync(new V1.ListStreamsRequest());
        var stream = Assert.Single(list.Streams);
        Assert.Equal(("named", V1.StreamState.Ended, 1L, 3L), (stream.StreamId, stream.State, stream.FirstSequence, stream.LastSequence));
        Assert.Equal(4, stream.AudioDuration.ToTimeSpan().TotalSeconds);
        Assert.Equal(Sound.SampleRateHz, stream.Config.SampleRateHz);

        using var subscription = server.Client.Subscribe(new V1.SubscribeRequest { StreamId = own[0].StreamId });
        var error = await Assert.ThrowsAsync<RpcException>(() => subscription.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Classify_ServerShutsDown_FlushesThenSaysUnavailable()
    {
        await using var server = await TestServer.StartAsync();
        using var call = server.Client.Classify();
        await call.RequestStream.WriteAsync(new V1.ClassifyRequest { Config = Sound.Config("radio") });
        await call.RequestStream.WriteAsync(new V1.ClassifyRequest { Audio = Sound.NoiseBytes(4.5) });
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.True(await call.ResponseStream.MoveNext(default));

        var stopping = server.Server.StopAsync();
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.Equal(4.5, call.ResponseStream.Current.WindowEnd.ToTimeSpan().TotalSeconds);
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.Equal(V1.StreamState.Ended, call.ResponseStream.Current.State);
        Assert.Equal(4.5, call.ResponseStream.Current.WindowEnd.ToTimeSpan().TotalSeconds);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains("shutting down", error.Status.Detail, StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task Classify_BeyondTheMaximumOfStreams_IsRefusedUntilOneEnds()
    {
        await using var server = await TestServer.StartAsync(("Sessions:MaxStreams", "1"));
        using var first = server.Client.Classify();
        await first.RequestStream.WriteAsync(new V1.ClassifyRequest { Config = Sound.Config() });
        await first.ResponseHeadersAsync;

        using var second = server.Client.Classify();
        var error = await Assert.ThrowsAsync<RpcException>(() => SendAsync(second, Sound.Config(), [], chunk: 1));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("maximum of 1 streams", error.Status.Detail, StringComparison.Ordinal);

        await first.RequestStream.CompleteAsync();
        Assert.True(await first.ResponseStream.MoveNext(default));
        Assert.False(await first.ResponseStream.MoveNext(default));
        using var third = server.Client.Classify();
        Assert.Equal(V1.StreamState.Ended, Assert.Single(await SendAsync(third, Sound.Config(), [], chunk: 1)).State);
    }

    internal static async Task<List<V1.GenreUpdate>> SendAsync(
        AsyncDuplexStreamingCall<V1.ClassifyRequest, V1.GenreUpdate> call, V1.StreamConfig config, byte[] audio, int chunk)
    {
        async Task Send()
        {
            await call.RequestStream.WriteAsync(new V1.ClassifyRequest { Config = config });
            foreach (var part in audio.Chunk(Math.Min(chunk, Math.Max(1, audio.Length))))
            {
                await call.RequestStream.WriteAsync(new V1.ClassifyRequest { Audio = Google.Protobuf.ByteString.CopyFrom(part) });
            }

            await call.RequestStream.CompleteAsync();
        }

        var sending = Send();
        var updates = new List<V1.GenreUpdate>();
        await foreach (var update in call.ResponseStream.ReadAllAsync())
        {
            updates.Add(update);
        }

        await sending;
        return updates;
    }
}
