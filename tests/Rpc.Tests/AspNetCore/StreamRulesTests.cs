using Grpc.Core;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.AspNetCore;

/// <summary>One read and one write at a time, and none after the end.</summary>
public sealed class StreamRulesTests
{
    [Fact]
    public async Task MoveNext_WhileAnotherReads_Throws()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        using var call = host.Client.FullDuplexCall();
        var first = call.ResponseStream.MoveNext(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        await call.RequestStream.CompleteAsync();
        Assert.False(await first);
    }

    [Fact]
    public async Task WriteAsync_AfterComplete_Throws()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        using var call = host.Client.FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new StreamingOutputCallRequest()));
    }

    [Fact]
    public async Task Handler_UsesStreamsAfterItsCall_Throws()
    {
        IAsyncStreamReader<StreamingOutputCallRequest>? reader = null;
        IServerStreamWriter<StreamingOutputCallResponse>? writer = null;
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnDuplex = (requests, responses, _) =>
            {
                (reader, writer) = (requests, responses);
                return Task.CompletedTask;
            },
        });
        using var call = host.Client.FullDuplexCall();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        await host.StopAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader!.MoveNext(CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer!.WriteAsync(new StreamingOutputCallResponse()));
    }

    [Fact]
    public async Task Host_ClientNamesAnother_HandlerSeesIt()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnUnary = (_, context) => Task.FromResult<SimpleResponse?>(new SimpleResponse { Username = context.Host }),
        });
        Assert.Equal(host.Address.Authority, (await host.Client.UnaryCallAsync(new SimpleRequest())).Username);
        Assert.Equal("music.example", (await host.Client.WithHost("music.example").UnaryCallAsync(new SimpleRequest())).Username);
    }

    [Fact]
    public async Task WriteResponseHeadersAsync_Twice_Throws()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnUnary = async (_, context) =>
            {
                await context.WriteResponseHeadersAsync([]);
                await Assert.ThrowsAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
                return new SimpleResponse { Username = context.Peer };
            },
        });
        var response = await host.Client.UnaryCallAsync(new SimpleRequest());
        Assert.StartsWith("ipv4:127.0.0.1:", response.Username, StringComparison.Ordinal);
    }
}
