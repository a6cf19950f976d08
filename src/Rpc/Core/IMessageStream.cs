namespace Grpc.Core;

/// <summary>A stream whose next message can be waited for without allocating a task; <see cref="AsyncStreamReaderExtensions.ReadAllAsync"/> does.</summary>
internal interface IMessageStream<out T> : IAsyncStreamReader<T>
{
    /// <summary>As <see cref="IAsyncStreamReader{T}.MoveNext"/>.</summary>
    ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken);
}
