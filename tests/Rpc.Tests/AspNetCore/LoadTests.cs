using Grpc.Core;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.AspNetCore;

public sealed class LoadTests
{
    [Fact]
    public async Task UnaryCall_1000AtOnce_EachGetsItsOwnAnswer()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        var responses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async size =>
            (size, response: await host.Client.UnaryCallAsync(new SimpleRequest { Payload = ScriptedService.Bytes(size) })))).WaitAsync(RawCall.Limit);
        Assert.All(responses, pair => Assert.Equal(pair.size, pair.response.Payload.Body.Length));
    }

    [Fact]
    public async Task FullDuplexCall_200AtOnce_EachGetsItsOwnMessagesInOrder()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async stream =>
        {
            using var call = host.Client.FullDuplexCall();
            for (var i = 0; i < 20; i++)
            {
                var request = new StreamingOutputCallRequest { Payload = ScriptedService.Bytes((stream * 20) + i) };
                await call.RequestStream.WriteAsync(request);
                Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
                Assert.Equal(request.Payload, call.ResponseStream.Current.Payload);
            }

            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        })).WaitAsync(RawCall.Limit);
    }
}
