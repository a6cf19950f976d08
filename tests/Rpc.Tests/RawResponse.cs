using System.Net;
using Grpc.Core;

namespace StreamGenre.Rpc.Tests;

/// <summary>A response as it came over HTTP/2.</summary>
internal sealed record RawResponse(HttpStatusCode HttpStatus, byte[] Body, Dictionary<string, string> Headers, Dictionary<string, string> Trailers)
{
    /// <summary>The status in the headers of a response without a body.</summary>
    public StatusCode? HeaderStatus => Parse(Headers);

    /// <summary>The status in the trailers.</summary>
    public StatusCode? TrailerStatus => Parse(Trailers);

    private static StatusCode? Parse(Dictionary<string, string> headers) =>
        headers.TryGetValue("grpc-status", out var text) ? Enum.Parse<StatusCode>(text) : null;
}
