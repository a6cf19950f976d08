using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.AspNetCore;

public sealed class MessageSizeTests
{
    private static readonly SimpleRequest Request = new() { Payload = ScriptedService.Bytes(1000) };

    [Fact]
    public async Task UnaryCall_RequestAtServersLimit_Passes()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), options => options.MaxReceiveMessageSize = Request.CalculateSize());
        Assert.Equal(Request.Payload, (await host.Client.UnaryCallAsync(Request)).Payload);
    }

    [Fact]
    public async Task UnaryCall_RequestOverServersLimit_ResourceExhausted()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), options => options.MaxReceiveMessageSize = Request.CalculateSize() - 1);
        var failure = await Failing.WithAsync(StatusCode.ResourceExhausted, host.Client.UnaryCallAsync(Request).ResponseAsync);
        Assert.Contains($"the limit is {Request.CalculateSize() - 1}", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnaryCall_RequestOverDefaultLimit_ResourceExhausted()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        var request = new SimpleRequest { Payload = ScriptedService.Bytes(5 << 20) };
        await Failing.WithAsync(StatusCode.ResourceExhausted, host.Client.UnaryCallAsync(request).ResponseAsync);
    }

    [Fact]
    public async Task UnaryCall_40MebibytesWithoutLimits_Passes()
    {
        await using var host = await GrpcHost.StartAsync(
            new ScriptedService(), options => options.MaxReceiveMessageSize = null, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var request = new SimpleRequest { Payload = ScriptedService.Bytes(40 << 20) };
        Assert.Equal(request.Payload, (await host.Client.UnaryCallAsync(request)).Payload);
    }

    [Fact]
    public async Task UnaryCall_CompressedRequestUnfoldsOverLimit_ResourceExhausted()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), options => options.MaxReceiveMessageSize = 100_000);
        var headers = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        var request = new SimpleRequest { Payload = ScriptedService.Bytes(1 << 20) };
        await Failing.WithAsync(StatusCode.ResourceExhausted, host.Client.UnaryCallAsync(request, headers).ResponseAsync);
    }

    [Fact]
    public async Task UnaryCall_ResponseOverServersLimit_ResourceExhausted()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), options => options.MaxSendMessageSize = 999);
        await Failing.WithAsync(StatusCode.ResourceExhausted, host.Client.UnaryCallAsync(Request).ResponseAsync);
    }

    [Fact]
    public async Task UnaryCall_RequestOverClientsLimit_ResourceExhausted()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), channelOptions: new GrpcChannelOptions { MaxSendMessageSize = 999 });
        await Failing.WithAsync(StatusCode.ResourceExhausted, host.Client.UnaryCallAsync(Request).ResponseAsync);
    }

    [Fact]
    public async Task UnaryCall_ResponseOverClientsLimit_ResourceExhausted()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), channelOptions: new GrpcChannelOptions { MaxReceiveMessageSize = 999 });
        await Failing.WithAsync(StatusCode.ResourceExhausted, host.Client.UnaryCallAsync(Request).ResponseAsync);
    }

    [Fact]
    public async Task FullDuplexCall_RequestOverClientsLimit_FailsWriteAndCall()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), channelOptions: new GrpcChannelOptions { MaxSendMessageSize = 999 });
        using var call = host.Client.FullDuplexCall();
        await Failing.WithAsync(StatusCode.ResourceExhausted, call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Request.Payload }));
        await Failing.WithAsync(StatusCode.ResourceExhausted, call.ResponseStream.MoveNext(CancellationToken.None));
    }
}
