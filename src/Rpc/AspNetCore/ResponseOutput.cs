using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// The response body of a call: one writer at a time, and none any more once the call is over. A handler that the deadline has overtaken
/// may still be running when the status is sent, so the end must be able to shut it out.
/// </summary>
internal sealed class ResponseOutput(HttpServerCallContext call)
{
    private const int Free = 0;
    private const int Busy = 1;
    private const int Closed = 2;

    private readonly MessageFramer _framer = new(call.Options.MaxSendMessageSize, call.Options.ResponseCompressionLevel ?? CompressionLevel.Fastest);
    private int _state;

    /// <summary>Writes a message; one that <paramref name="mayWait"/> is sent with what follows it.</summary>
    public async Task WriteAsync<T>(T message, Marshaller<T> marshaller, WriteOptions? options, bool mayWait, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        Enter();
        try
        {
            var response = call.Http.Response;
            mayWait |= ((options ?? call.WriteOptions)?.Flags & WriteFlags.BufferHint) is WriteFlags.BufferHint;
            if (mayWait && !response.HasStarted)
            {
                // Only a started response has trailers to put the status into.
                await response.StartAsync(call.CancellationToken);
            }

            var pipe = response.BodyWriter;
            _framer.Write(message, marshaller.ContextualSerializer, pipe, call.ShouldCompress(options));
            if (!mayWait)
            {
                await FlushAsync(pipe, cancellationToken);
            }
        }
        finally
        {
            Leave();
        }
    }

    public async Task FlushHeadersAsync()
    {
        Enter();
        try
        {
            await call.Http.Response.StartAsync(call.CancellationToken);
            await FlushAsync(call.Http.Response.BodyWriter, CancellationToken.None);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Shuts writers out for good.</summary>
    /// <returns>False when a write is under way, so that nothing can be sent after it.</returns>
    public bool TryClose() => Interlocked.Exchange(ref _state, Closed) != Busy;

    public bool IsClosed => Volatile.Read(ref _state) == Closed;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync(PipeWriter pipe, CancellationToken cancellationToken)
    {
        FlushResult result;
        if (cancellationToken.CanBeCanceled && cancellationToken != call.CancellationToken)
        {
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken);
            result = await pipe.FlushAsync(linked.Token);
        }
        else
        {
            result = await pipe.FlushAsync(call.CancellationToken);
        }

        if (result.IsCompleted)
        {
            call.ClientIsGone = true;
            throw new OperationCanceledException("The client has ended the call.", call.CancellationToken);
        }
    }

    private void Enter()
    {
        switch (Interlocked.CompareExchange(ref _state, Busy, Free))
        {
            case Busy:
                throw new InvalidOperationException("Can't write the message: the previous write is still under way. Await it first.");
            case Closed:
                throw new InvalidOperationException("Can't write the message: the call is over.");
        }

        // Asked only now: of a call that is over, not even the token may be touched.
        if (call.CancellationToken.IsCancellationRequested)
        {
            Leave();
            throw new OperationCanceledException("The call was cancelled or its deadline has passed.", call.CancellationToken);
        }
    }

    private void Leave() => Interlocked.CompareExchange(ref _state, Free, Busy);
}
