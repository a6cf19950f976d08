using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>Turns what the HTTP client throws into a status.</summary>
internal static class TransportError
{
    public static Status ToStatus(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case HttpProtocolException protocol:
                    return new Status(FromHttp2(protocol.ErrorCode), $"The HTTP/2 stream or connection failed: {protocol.Message}", exception);
                case SocketException socket:
                    return new Status(StatusCode.Unavailable, $"The server can't be reached: {socket.Message}", exception);
                case AuthenticationException tls:
                    return new Status(StatusCode.Unavailable, $"TLS failed: {tls.Message}", exception);
                case HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError }:
                    return new Status(StatusCode.Internal, $"The server does not speak HTTP/2: {e.Message}", exception);
            }
        }

        return exception is HttpRequestException or IOException
            ? new Status(StatusCode.Unavailable, $"The connection failed: {exception.Message}", exception)
            : new Status(StatusCode.Internal, $"The call failed: {exception.Message}", exception);
    }

    // grpc/grpc, doc/PROTOCOL-HTTP2.md, "Errors"
    private static StatusCode FromHttp2(long errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM
        0x8 => StatusCode.Cancelled, // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };
}
