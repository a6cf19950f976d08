using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StreamGenre.StreamHost.Http;
using StreamGenre.StreamHost.Tests.Hosting;

namespace StreamGenre.StreamHost.Tests.Http;

public sealed class EventStreamTests
{
    [Fact]
    public async Task Wait_NothingToSend_SendsCommentsUntilThereIs()
    {
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(new HastyTime()).BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };
        var next = new TaskCompletionSource<int>();
        var answering = EventStream.Of(async (events, cancellationToken) =>
        {
            await events.WriteAsync("first", 1, "{}", cancellationToken);
            await events.WriteAsync(null, await events.WaitAsync(next.Task, cancellationToken), "[]", cancellationToken);
        }, CancellationToken.None).ExecuteAsync(context);
        await Eventually.TrueAsync(() => Task.FromResult(Text().EndsWith("\n\n:\n\n:\n\n", StringComparison.Ordinal)), "two comments");
        next.SetResult(7);
        await answering;
        Assert.StartsWith("retry: 1000\n\nevent: first\nid: 1\ndata: {}\n\n:\n\n", Text(), StringComparison.Ordinal);
        Assert.EndsWith(":\n\nid: 7\ndata: []\n\n", Text(), StringComparison.Ordinal);
        string Text() => Encoding.UTF8.GetString(body.ToArray());
    }

    [Fact]
    public async Task Answer_ServerStops_Ends()
    {
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).BuildServiceProvider();
        using var stopping = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = Stream.Null } };
        var answering = EventStream.Of((_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken), stopping.Token).ExecuteAsync(context);
        Assert.False(answering.IsCompleted);
        await stopping.CancelAsync();
        await answering.WaitAsync(Eventually.Patience);
    }

    // A second is 20 ms.
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 50 : dueTime, period);
    }
}
