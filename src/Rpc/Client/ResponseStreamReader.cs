using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>The responses of a call.</summary>
internal sealed class ResponseStreamReader<TRequest, TResponse>(HttpCall<TRequest, TResponse> call) : IMessageStream<TResponse>
    where TRequest : class
    where TResponse : class
{
    private TResponse? _current;
    private bool _isReading;

    public TResponse Current => _current ?? throw new InvalidOperationException("There is no current message; MoveNext has not returned true.");

    public Task<bool> MoveNext(CancellationToken cancellationToken) => MoveNextAsync(cancellationToken).AsTask();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_isReading)
        {
            throw new InvalidOperationException("Can't read the next message: the previous read is still under way. Await it first.");
        }

        _isReading = true;
        try
        {
            _current = await call.ReadAsync(cancellationToken);
            return _current is not null;
        }
        finally
        {
            _isReading = false;
        }
    }
}
