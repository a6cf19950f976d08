using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>The requests of a call.</summary>
internal sealed class RequestStreamWriter<TRequest, TResponse>(HttpCall<TRequest, TResponse> call) : IClientStreamWriter<TRequest>
    where TRequest : class
    where TResponse : class
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MessageFramer _framer = new(call.MaxSendMessageSize);
    private readonly PooledBufferWriter _buffer = new();
    private int _isWriting;

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>The request's body: stays open until <see cref="CompleteAsync"/> or the call's end.</summary>
    public async Task RunAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (!_stream.TrySetResult(stream))
        {
            throw new IOException("A streamed request can't be sent a second time.");
        }

        // The headers would otherwise wait for the first message, and the server with them.
        await stream.FlushAsync(cancellationToken);
        await _completed.Task.WaitAsync(call.Ended);
    }

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _isWriting, 1) != 0)
        {
            throw new InvalidOperationException("Can't write the message: the previous write is still under way. Await it first.");
        }

        try
        {
            if (_completed.Task.IsCompleted)
            {
                throw new InvalidOperationException("Can't write the message: the request stream was completed.");
            }

            call.ThrowIfEnded();
            using var cancels = cancellationToken.UnsafeRegister(static state => ((HttpCall<TRequest, TResponse>)state!).EndAsCancelled(), call);
            Frame(message);
            await SendAsync();
        }
        finally
        {
            _buffer.Release();
            Volatile.Write(ref _isWriting, 0);
        }
    }

    public Task CompleteAsync()
    {
        if (Volatile.Read(ref _isWriting) != 0)
        {
            throw new InvalidOperationException("Can't complete the request stream: the previous write is still under way. Await it first.");
        }

        _completed.TrySetResult();
        return Task.CompletedTask;
    }

    private void Frame(TRequest message)
    {
        try
        {
            _framer.Write(message, call.RequestMarshaller.ContextualSerializer, _buffer, call.ShouldCompress(WriteOptions));
        }
        catch (Exception e)
        {
            throw call.Fail(call.ToStatus(e));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync()
    {
        try
        {
            var stream = _stream.Task.IsCompletedSuccessfully ? await _stream.Task : await _stream.Task.WaitAsync(call.Ended);
            await stream.WriteAsync(_buffer.WrittenMemory, call.Ended);
            if ((WriteOptions?.Flags & WriteFlags.BufferHint) is not WriteFlags.BufferHint)
            {
                await stream.FlushAsync(call.Ended);
            }
        }
        catch (Exception e)
        {
            // A server may end a call without reading all of it; then its status comes with the responses and not from here.
            throw await call.ToWriteExceptionAsync(e);
        }
    }
}
