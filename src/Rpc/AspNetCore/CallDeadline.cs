using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>A call's token where it has a deadline: fires with the deadline or with the request, whichever is first.</summary>
internal sealed class CallDeadline : IAsyncDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer? _timer;

    public CallDeadline(HttpContext http, TimeSpan timeout, TimeProvider clock)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var now = clock.GetUtcNow().UtcDateTime;
        Utc = DateTime.MaxValue - now <= timeout ? DateTime.MaxValue : now + timeout;

        // The longest time that a timer takes is 2^32 - 2 ms, 49 days; a call with a later deadline is as good as one without.
        if (timeout.TotalMilliseconds < uint.MaxValue - 1)
        {
            _timer = clock.CreateTimer(static state => ((CallDeadline)state!).Pass(), this, timeout, Timeout.InfiniteTimeSpan);
        }
    }

    public DateTime Utc { get; }

    public CancellationToken Token => _source.Token;

    public bool HasPassed => _passed.Task.IsCompleted;

    public Task Passed => _passed.Task;

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        _source.Dispose();
    }

    private void Pass()
    {
        // First the fact, then the token: whoever is cancelled by it must find out why.
        _passed.TrySetResult();
        _source.Cancel();
    }
}
