using Grpc.Core;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.AspNetCore;

public sealed class CancellationTests
{
    [Fact]
    public async Task UnaryCall_ClientCancels_ReleasesHandler()
    {
        var (entered, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnUnary = async (_, context) =>
            {
                entered.SetResult();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, context.CancellationToken));
                released.SetResult();
                return null;
            },
        });
        using var cancel = new CancellationTokenSource();
        using var call = host.Client.UnaryCallAsync(new SimpleRequest(), cancellationToken: cancel.Token);
        await entered.Task.WaitAsync(RawCall.Limit);
        await cancel.CancelAsync();
        await Failing.WithAsync(StatusCode.Cancelled, call.ResponseAsync);
        await released.Task.WaitAsync(RawCall.Limit);
    }

    [Fact]
    public async Task FullDuplexCall_ClientDisposesCall_EndsHandlersRead()
    {
        var (entered, released) = (new TaskCompletionSource(), new TaskCompletionSource<Exception>());
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnDuplex = async (requests, _, _) =>
            {
                entered.SetResult();
                released.SetResult(await Record.ExceptionAsync(() => requests.MoveNext(CancellationToken.None)));
            },
        });
        using (host.Client.FullDuplexCall())
        {
            await entered.Task.WaitAsync(RawCall.Limit);
        }

        Assert.IsAssignableFrom<OperationCanceledException>(await released.Task.WaitAsync(RawCall.Limit));
    }

    [Fact]
    public async Task StreamingOutputCall_ClientDisposesCall_EndsHandlersWrites()
    {
        var released = new TaskCompletionSource<Exception>();
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnOutput = async (responses, _) =>
            {
                var response = new StreamingOutputCallResponse { Payload = ScriptedService.Bytes(10_000) };
                released.SetResult(await Record.ExceptionAsync(async () =>
                {
                    while (true)
                    {
                        await responses.WriteAsync(response);
                    }
                }));
            },
        });
        using (var call = host.Client.StreamingOutputCall(new StreamingOutputCallRequest()))
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        }

        Assert.IsAssignableFrom<OperationCanceledException>(await released.Task.WaitAsync(RawCall.Limit));
    }

    [Fact]
    public async Task MoveNext_HandlersOwnTokenFires_CallGoesOn()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnDuplex = async (requests, responses, _) =>
            {
                using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => requests.MoveNext(impatience.Token));
                await responses.WriteAsync(new StreamingOutputCallResponse());
                Assert.True(await requests.MoveNext(CancellationToken.None));
                await responses.WriteAsync(new StreamingOutputCallResponse { Payload = requests.Current.Payload });
            },
        });
        using var call = host.Client.FullDuplexCall();
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = ScriptedService.Bytes(7) });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(7, call.ResponseStream.Current.Payload.Body.Length);
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task UnaryCall_TokenAlreadyFired_Cancelled()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        await Failing.WithAsync(
            StatusCode.Cancelled, host.Client.UnaryCallAsync(new SimpleRequest(), cancellationToken: new CancellationToken(true)).ResponseAsync);
    }
}
