using Grpc.Core;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.AspNetCore;

/// <summary>
/// 256 MiB are offered to a side that does not read. HTTP/2's windows (16 MiB at most for HttpClient, 768 KiB for Kestrel) and the sockets
/// let some of it through; unbounded buffers would take all.
/// </summary>
public sealed class BackPressureTests
{
    private const int Messages = 4096;
    private const int MessageBytes = 64 * 1024;
    private const int Bound = 64 * 1024 * 1024 / MessageBytes;

    [Fact]
    public async Task StreamingOutputCall_ClientDoesNotRead_HandlerIsHeldBack()
    {
        var written = 0;
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnOutput = async (responses, _) =>
            {
                var response = new StreamingOutputCallResponse { Payload = ScriptedService.Bytes(MessageBytes) };
                for (; written < Messages; written++)
                {
                    await responses.WriteAsync(response);
                }
            },
        });
        using var call = host.Client.StreamingOutputCall(new StreamingOutputCallRequest());
        Assert.InRange(await WhenStillAsync(() => Volatile.Read(ref written)), 1, Bound);
        Assert.Equal(Messages, await call.ResponseStream.ReadAllAsync().CountAsync());
    }

    [Fact]
    public async Task StreamingInputCall_HandlerDoesNotRead_ClientIsHeldBack()
    {
        var mayRead = new TaskCompletionSource();
        await using var host = await GrpcHost.StartAsync(new ScriptedService
        {
            OnInput = async (requests, _) =>
            {
                await mayRead.Task;
                return new StreamingInputCallResponse { AggregatedPayloadSize = await requests.ReadAllAsync().CountAsync() };
            },
        });
        using var call = host.Client.StreamingInputCall();
        var written = 0;
        var writing = Task.Run(async () =>
        {
            var request = new StreamingInputCallRequest { Payload = ScriptedService.Bytes(MessageBytes) };
            for (; written < Messages; written++)
            {
                await call.RequestStream.WriteAsync(request);
            }

            await call.RequestStream.CompleteAsync();
        });
        Assert.InRange(await WhenStillAsync(() => Volatile.Read(ref written)), 1, Bound);
        mayRead.SetResult();
        await writing;
        Assert.Equal(Messages, (await call).AggregatedPayloadSize);
    }

    /// <summary>Waits until a count has begun to move and then stands still.</summary>
    private static async Task<int> WhenStillAsync(Func<int> count)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var (last, still) = (0, 0); ;)
        {
            Assert.True(await ticks.WaitForNextTickAsync());
            var now = count();
            still = now == last && now > 0 ? still + 1 : 0;
            last = now;
            if (still == 10)
            {
                return now;
            }
        }
    }
}
