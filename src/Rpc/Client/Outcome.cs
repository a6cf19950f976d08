using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>How a call ended.</summary>
internal sealed record Outcome(Status Status, Metadata Trailers)
{
    public RpcException ToException() => new(Status, Trailers);
}
