using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>The requests of a call.</summary>
internal sealed class RequestStreamReader<T>(HttpServerCallContext call, Marshaller<T> marshaller) : IMessageStream<T>
    where T : class
{
    private readonly MessageReader<T> _messages =
        new(call.Http.Request.BodyReader, marshaller.ContextualDeserializer, call.RequestEncoding, call.Options.MaxReceiveMessageSize);

    private bool _isReading;

    // A caller reads with the same token again and again: the two are joined once, and parted at the call's end.
    private CancellationToken _joinedWith;
    private CancellationTokenSource? _joined;

    public T Current => _messages.Message ?? throw new InvalidOperationException("There is no current message; MoveNext has not returned true.");

    public Task<bool> MoveNext(CancellationToken cancellationToken) => MoveNextAsync(cancellationToken).AsTask();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        // Kestrel reuses a request's objects after its end: a handler's stray task must not read somebody else's body.
        if (call.HasEnded)
        {
            throw new InvalidOperationException("Can't read messages: the call is over.");
        }

        if (_isReading)
        {
            throw new InvalidOperationException("Can't read the next message: the previous read is still under way. Await it first.");
        }

        _isReading = true;
        try
        {
            return await _messages.ReadAsync(Join(cancellationToken));
        }
        catch (IOException e)
        {
            throw Gone(e);
        }
        finally
        {
            call.RequestWasCompressed = _messages.WasCompressed;
            _isReading = false;
        }
    }

    /// <summary>The one request of a method that takes one.</summary>
    public async ValueTask<T> ReadSingleAsync()
    {
        try
        {
            var hasMessage = await _messages.ReadSingleAsync(call.CancellationToken);
            call.RequestWasCompressed = _messages.WasCompressed;
            return hasMessage
                ? _messages.Message
                : throw new RpcException(new Status(StatusCode.Internal, "The request has no message where the method takes one."));
        }
        catch (IOException e)
        {
            throw Gone(e);
        }
    }

    private CancellationToken Join(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled || cancellationToken == call.CancellationToken)
        {
            return call.CancellationToken;
        }

        if (_joined is null || cancellationToken != _joinedWith)
        {
            _joined?.Dispose();
            _joined = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.CancellationToken);
            _joinedWith = cancellationToken;
            call.DisposeAtEnd(_joined);
        }

        return _joined.Token;
    }

    private OperationCanceledException Gone(IOException e)
    {
        call.ClientIsGone = true;
        return new OperationCanceledException("The client has ended the call.", e, call.CancellationToken);
    }
}
