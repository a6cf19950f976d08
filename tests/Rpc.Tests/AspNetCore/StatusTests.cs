using Grpc.Core;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.AspNetCore;

public sealed class StatusTests
{
    [Fact]
    public async Task UnaryCall_HandlerThrows_UnknownWithoutMessage()
    {
        await using var host = await GrpcHost.StartAsync(Throwing(new InvalidOperationException("the password is 123")));
        var failure = await Failing.WithAsync(StatusCode.Unknown, host.Client.UnaryCallAsync(new SimpleRequest()).ResponseAsync);
        Assert.Equal("Exception was thrown by handler.", failure.Status.Detail);
    }

    [Fact]
    public async Task UnaryCall_HandlerThrowsAndDetailedErrorsOn_MessageIsSent()
    {
        await using var host = await GrpcHost.StartAsync(Throwing(new InvalidOperationException("no such fader")), options => options.EnableDetailedErrors = true);
        var failure = await Failing.WithAsync(StatusCode.Unknown, host.Client.UnaryCallAsync(new SimpleRequest()).ResponseAsync);
        Assert.Equal("Exception was thrown by handler. InvalidOperationException: no such fader", failure.Status.Detail);
    }

    [Fact]
    public async Task UnaryCall_HandlerThrowsStatusWithTrailers_ClientGetsBoth()
    {
        var trailers = new Metadata { { "reason", "noise" }, { "grpc-status-details-bin", [1, 2, 3] } };
        await using var host = await GrpcHost.StartAsync(Throwing(new RpcException(new Status(StatusCode.NotFound, "kein Lied — 100 %"), trailers)));
        var failure = await Failing.WithAsync(StatusCode.NotFound, host.Client.UnaryCallAsync(new SimpleRequest()).ResponseAsync);
        Assert.Equal("kein Lied — 100 %", failure.Status.Detail);
        Assert.Equal("noise", failure.Trailers.GetValue("reason"));
        Assert.Equal([1, 2, 3], failure.Trailers.GetValueBytes("grpc-status-details-bin")!);
    }

    [Fact]
    public async Task UnaryCall_HandlerSetsStatus_ClientGetsIt()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnUnary = (_, context) =>
            {
                context.Status = new Status(StatusCode.DataLoss, "gone");
                return Task.FromResult<SimpleResponse?>(null);
            },
        });
        await Failing.WithAsync(StatusCode.DataLoss, host.Client.UnaryCallAsync(new SimpleRequest()).ResponseAsync);
    }

    [Fact]
    public async Task StreamingOutputCall_HandlerThrowsAfterResponses_ClientReadsThemFirst()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnOutput = async (responses, _) =>
            {
                await responses.WriteAsync(new StreamingOutputCallResponse());
                throw new RpcException(new Status(StatusCode.OutOfRange, "no more"));
            },
        });
        using var call = host.Client.StreamingOutputCall(new StreamingOutputCallRequest());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        await Failing.WithAsync(StatusCode.OutOfRange, call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(new Status(StatusCode.OutOfRange, "no more"), call.GetStatus());
    }

    [Fact]
    public async Task StreamingInputCall_HandlerRefusesWhileClientWrites_ClientGetsStatus()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnInput = (_, _) => throw new RpcException(new Status(StatusCode.FailedPrecondition, "config first")),
        });
        using var call = host.Client.StreamingInputCall();
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = ScriptedService.Bytes(10_000) });
            }
        }).WaitAsync(RawCall.Limit);
        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        await Failing.WithAsync(StatusCode.FailedPrecondition, call.ResponseAsync);
    }

    private static ScriptedService Throwing(Exception exception) => new() { OnUnary = (_, _) => throw exception };
}
