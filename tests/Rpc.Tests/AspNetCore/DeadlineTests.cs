using Grpc.Core;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.AspNetCore;

public sealed class DeadlineTests
{
    [Fact]
    public async Task UnaryCall_DeadlinePasses_EndsHandlerAndCall()
    {
        var token = new TaskCompletionSource();
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnUnary = async (_, context) =>
            {
                using var fired = context.CancellationToken.Register(token.SetResult);
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return null;
            },
        });
        await Failing.WithAsync(
            StatusCode.DeadlineExceeded, host.Client.UnaryCallAsync(new SimpleRequest(), deadline: DateTime.UtcNow.AddMilliseconds(200)).ResponseAsync);
        await token.Task.WaitAsync(RawCall.Limit);
    }

    [Fact]
    public async Task UnaryCall_DeadlineBeforeCall_FailsWithoutServer()
    {
        var calls = 0;
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnUnary = (_, _) => Task.FromResult<SimpleResponse?>(new SimpleResponse { Username = $"{++calls}" }),
        });
        await Failing.WithAsync(
            StatusCode.DeadlineExceeded, host.Client.UnaryCallAsync(new SimpleRequest(), deadline: DateTime.UtcNow.AddSeconds(-1)).ResponseAsync);
        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task Deadline_HandlerAsks_IsTheClients()
    {
        var deadline = DateTime.UtcNow.AddMinutes(10);
        var seen = default(DateTime);
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnUnary = (_, context) =>
            {
                seen = context.Deadline;
                return Task.FromResult<SimpleResponse?>(new SimpleResponse());
            },
        });
        await host.Client.UnaryCallAsync(new SimpleRequest(), deadline: deadline);
        Assert.Equal(DateTimeKind.Utc, seen.Kind);
        Assert.InRange(seen, deadline.AddSeconds(-1), deadline.AddMinutes(1));
        await host.Client.UnaryCallAsync(new SimpleRequest());
        Assert.Equal(DateTime.MaxValue, seen);
    }

    // The client has no clock of its own here: the status is the server's.
    [Fact]
    public async Task UnaryCall_HandlerIgnoresDeadline_ServerAnswersAllTheSame()
    {
        var released = new TaskCompletionSource();
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnUnary = async (_, _) =>
            {
                await released.Task;
                return new SimpleResponse();
            },
        });
        var response = await RawCall.PostAsync(
            host, "/grpc.testing.TestService/UnaryCall", RawCall.Frame(0, []), headers: ("grpc-timeout", "50m"));
        released.SetResult();
        Assert.Equal(StatusCode.DeadlineExceeded, response.HeaderStatus);
    }

    [Fact]
    public async Task StreamingOutputCall_DeadlineAfterResponses_StatusInTrailers()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnOutput = async (responses, context) =>
            {
                await responses.WriteAsync(new StreamingOutputCallResponse());
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            },
        });
        var response = await RawCall.PostAsync(
            host, "/grpc.testing.TestService/StreamingOutputCall", RawCall.Frame(0, []), headers: ("grpc-timeout", "200000u"));
        Assert.Equal(RawCall.Frame(0, []), response.Body);
        Assert.Equal(StatusCode.DeadlineExceeded, response.TrailerStatus);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("5x")]
    [InlineData("-5S")]
    [InlineData("123456789S")]
    public async Task UnaryCall_MalformedTimeout_Internal(string timeout)
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        var response = await RawCall.PostAsync(
            host, "/grpc.testing.TestService/UnaryCall", RawCall.Frame(0, []), headers: ("grpc-timeout", timeout));
        Assert.Equal(StatusCode.Internal, response.HeaderStatus);
    }
}
