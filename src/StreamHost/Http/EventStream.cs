using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace StreamGenre.StreamHost.Http;

/// <summary>Server-Sent Events (WHATWG HTML, 9.2) to one reader: events with a number to resume after, and a sign of life when there are none.</summary>
internal sealed class EventStream
{
    // Proxies cut a connection that carries nothing: nginx and most balancers after 60 s, some phone networks after 30 s.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly HttpResponse _response;
    private readonly TimeProvider _time;

    private EventStream(HttpResponse response, TimeProvider time)
    {
        _response = response;
        _time = time;
    }

    /// <summary>An answer of events; it ends when <paramref name="write"/> does, when the reader is gone, or when <paramref name="stopping"/> says so.</summary>
    public static IResult Of(Func<EventStream, CancellationToken, Task> write, CancellationToken stopping) => new Answer(write, stopping);

    /// <summary>Sends one event. No text may hold a line break: all are JSON of one line.</summary>
    /// <param name="name">Its kind; null for a plain message.</param>
    /// <param name="id">Its number, which a reader that reconnects names in <c>Last-Event-ID</c>; null for none.</param>
    /// <param name="data">What it says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WriteAsync(string? name, long? id, string data, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            Encoding.UTF8.GetBytes($"event: {name}\n", _response.BodyWriter);
        }

        if (id is not null)
        {
            Encoding.UTF8.GetBytes($"id: {id}\n", _response.BodyWriter);
        }

        Encoding.UTF8.GetBytes($"data: {data}\n\n", _response.BodyWriter);
        await _response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>Waits for what is to be sent next, with a comment sent now and then so that nobody takes the connection for dead.</summary>
    public async Task<T> WaitAsync<T>(Task<T> next, CancellationToken cancellationToken)
    {
        while (!next.IsCompleted)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (await Task.WhenAny(next, Task.Delay(Heartbeat, _time, waiting.Token)) == next)
            {
                await waiting.CancelAsync();
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            await WriteCommentAsync(cancellationToken);
        }

        return await next;
    }

    private async Task WriteCommentAsync(CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes(":\n\n", _response.BodyWriter);
        await _response.BodyWriter.FlushAsync(cancellationToken);
    }

    private sealed class Answer(Func<EventStream, CancellationToken, Task> write, CancellationToken stopping) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache, no-store";

            // nginx and those that took its header over pass each event on at once.
            response.Headers["X-Accel-Buffering"] = "no";
            httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, httpContext.RequestAborted);
            try
            {
                // Reconnect a second after the connection broke; browsers take three to five unless told.
                Encoding.UTF8.GetBytes("retry: 1000\n\n", response.BodyWriter);
                await response.BodyWriter.FlushAsync(ending.Token);
                await write(new EventStream(response, httpContext.RequestServices.GetRequiredService<TimeProvider>()), ending.Token);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // The reader is gone, or the server is about to be: both see it by the connection's end.
            }
        }
    }
}
