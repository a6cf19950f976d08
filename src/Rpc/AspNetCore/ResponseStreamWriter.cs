using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>The responses of a call.</summary>
internal sealed class ResponseStreamWriter<T>(HttpServerCallContext call, Marshaller<T> marshaller) : IServerStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken) =>
        call.Output.WriteAsync(message, marshaller, WriteOptions, mayWait: false, cancellationToken);
}
