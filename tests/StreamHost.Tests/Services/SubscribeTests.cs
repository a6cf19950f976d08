using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Services;

[Trait("Category", "Server")]
public sealed class SubscribeTests
{
    [Fact]
    public async Task Publish_TwoOfOneId_TheSecondIsRefusedAndTheFirstGoesOn()
    {
        await using var server = await TestServer.StartAsync();
        using var first = await OpenAsync(server, "studio");
        using var second = server.Client.Publish();
        await second.RequestStream.WriteAsync(new V1.PublishRequest { Config = Sound.Config("studio") });
        var error = await Assert.ThrowsAsync<RpcException>(() => second.ResponseAsync);
        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        Assert.Contains("'studio'", error.Status.Detail, StringComparison.Ordinal);

        var summary = await FinishAsync(first, 5);
        Assert.Equal(("studio", 5.0, 3L, 0L), (summary.StreamId, summary.AudioDuration.ToTimeSpan().TotalSeconds, summary.ClassifiedWindows, summary.DroppedWindows));
        Assert.Equal(summary.RollingScores.OrderByDescending(score => score.Score), summary.RollingScores);
        Assert.Equal(4, summary.RollingScores.Count);
    }

    [Fact]
    public async Task Publish_IdOfAnEndedStream_BeginsAnew()
    {
        await using var server = await TestServer.StartAsync();
        using var first = await OpenAsync(server, "studio");
        await FinishAsync(first, 5);
        using var second = await OpenAsync(server, "studio");
        await FinishAsync(second, 3);
        Assert.Equal([1L, 2], (await FollowAsync(server, "studio", from: 1)).Select(update => update.Sequence));
    }

    [Fact]
    public async Task Publish_PublisherVanishes_SubscribersSeeTheEndAndTheIdIsFree()
    {
        await using var server = await TestServer.StartAsync();
        var first = await OpenAsync(server, "studio");
        await first.RequestStream.WriteAsync(new V1.PublishRequest { Audio = Sound.NoiseBytes(3.2) });
        using var subscription = server.Client.Subscribe(new V1.SubscribeRequest { StreamId = "studio", FromSequence = 1 });
        Assert.True(await subscription.ResponseStream.MoveNext(default));
        first.Dispose();
        Assert.True(await subscription.ResponseStream.MoveNext(default));
        Assert.Equal(V1.StreamState.Ended, subscription.ResponseStream.Current.State);
        Assert.False(await subscription.ResponseStream.MoveNext(default));

        using var second = await OpenAsync(server, "studio");
        Assert.Equal(1, (await FinishAsync(second, 3)).ClassifiedWindows);
    }

    [Fact]
    public async Task Subscribe_FromHistory_ReadsAllThatIsHeldAndSaysWhatIsNot()
    {
        await using var server = await TestServer.StartAsync(("Sessions:HistoryUpdates", "4"));
        using var publisher = await OpenAsync(server, "studio");
        await FinishAsync(publisher, 10);

        // Windows end at 3..10 s: 8 updates and the last; the history holds 6..9.
        var updates = await FollowAsync(server, "studio", from: 2);
        Assert.Equal([6L, 7, 8, 9], updates.Select(update => update.Sequence));
        Assert.Equal([4L, 0, 0, 0], updates.Select(update => update.MissedUpdates));
        Assert.Equal(V1.StreamState.Ended, updates[^1].State);
        Assert.Equal([9L], (await FollowAsync(server, "studio", from: null)).Select(update => update.Sequence));
    }

    [Fact]
    public async Task Subscribe_WhileLive_SeesEveryUpdateFromThenOn()
    {
        await using var server = await TestServer.StartAsync();
        using var publisher = await OpenAsync(server, "studio");
        using var subscription = server.Client.Subscribe(new V1.SubscribeRequest { StreamId = "studio" });
        await subscription.ResponseHeadersAsync;
        Assert.Equal(1, Assert.Single((await server.Client.ListStreamsAsync(new V1.ListStreamsRequest())).Streams).Subscribers);
        await FinishAsync(publisher, 6);
        var seen = new List<long>();
        await foreach (var update in subscription.ResponseStream.ReadAllAsync())
        {
            seen.Add(update.Sequence);
        }

        Assert.Equal([1L, 2, 3, 4, 5], seen);
    }

    [Theory]
    [InlineData("nowhere", null, StatusCode.NotFound, "'nowhere'")]
    [InlineData("studio", 99L, StatusCode.OutOfRange, "has reached 2")]
    [InlineData("studio", 0L, StatusCode.InvalidArgument, "the first update is 1")]
    public async Task Subscribe_ToWhatIsNotThere_SaysSo(string id, long? from, StatusCode code, string said)
    {
        await using var server = await TestServer.StartAsync();
        using var publisher = await OpenAsync(server, "studio");
        await FinishAsync(publisher, 3);
        var error = await Assert.ThrowsAsync<RpcException>(() => FollowAsync(server, id, from));
        Assert.Equal(code, error.StatusCode);
        Assert.Contains(said, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_SlowReader_NeverSlowsTheStreamAndLearnsWhatItMissed()
    {
        await using var server = await TestServer.StartAsync(("Sessions:HistoryUpdates", "50"), ("Sessions:SubscriberBacklog", "8"));

        // Long ids and short hops, so that far more is published than the connection's windows and buffers hold.
        var id = new string('x', 128);
        var config = Sound.Config(id);
        config.WindowHop = Duration.FromTimeSpan(TimeSpan.FromSeconds(0.1));
        config.OverloadPolicy = V1.OverloadPolicy.Block;
        using var publisher = server.Client.Publish();
        await publisher.RequestStream.WriteAsync(new V1.PublishRequest { Config = config });
        await publisher.ResponseHeadersAsync;
        using var subscription = server.Client.Subscribe(new V1.SubscribeRequest { StreamId = id });
        await subscription.ResponseHeadersAsync;

        // The subscriber reads nothing at all, and the publisher gets to its end.
        var summary = await FinishAsync(publisher, 400);
        Assert.Equal(3971, summary.ClassifiedWindows);

        var accounted = 0L;
        var missed = 0L;
        await foreach (var update in subscription.ResponseStream.ReadAllAsync())
        {
            accounted += 1 + update.MissedUpdates;
            missed += update.MissedUpdates;
            Assert.Equal(accounted, update.Sequence);
        }

        Assert.Equal(3972, accounted);
        Assert.InRange(missed, 1, 3971);
    }

    internal static async Task<AsyncClientStreamingCall<V1.PublishRequest, V1.PublishSummary>> OpenAsync(TestServer server, string id)
    {
        var call = server.Client.Publish();
        var config = Sound.Config(id);
        config.OverloadPolicy = V1.OverloadPolicy.Block;
        await call.RequestStream.WriteAsync(new V1.PublishRequest { Config = config });
        await call.ResponseHeadersAsync;
        return call;
    }

    internal static async Task<V1.PublishSummary> FinishAsync(AsyncClientStreamingCall<V1.PublishRequest, V1.PublishSummary> call, double seconds)
    {
        foreach (var part in Sound.Noise(seconds).Chunk(64 * 1024))
        {
            await call.RequestStream.WriteAsync(new V1.PublishRequest { Audio = Google.Protobuf.ByteString.CopyFrom(part) });
        }

        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private static async Task<List<V1.GenreUpdate>> FollowAsync(TestServer server, string id, long? from)
    {
        var request = new V1.SubscribeRequest { StreamId = id };
        if (from is { } sequence)
        {
            request.FromSequence = sequence;
        }

        using var call = server.Client.Subscribe(request);
        var updates = new List<V1.GenreUpdate>();
        await foreach (var update in call.ResponseStream.ReadAllAsync())
        {
            updates.Add(update);
        }

        return updates;
    }
}
