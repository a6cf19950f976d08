namespace Grpc.Wire;

/// <summary>Names and values of gRPC's HTTP/2 mapping (grpc/grpc, doc/PROTOCOL-HTTP2.md).</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string ContentTypeHeader = "content-type";
    public const string Te = "te";
    public const string Trailers = "trailers";
    public const string UserAgent = "user-agent";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    /// <summary>Never sent: asks our own side to compress the messages of one call.</summary>
    public const string EncodingRequest = "grpc-internal-encoding-request";

    public const string Identity = "identity";
    public const string Gzip = "gzip";
    public const string AcceptedEncodings = "identity,gzip";

    /// <summary>One byte says whether the payload is compressed, four (big-endian) how long it is.</summary>
    public const int FrameHeaderLength = 5;

    /// <summary><c>application/grpc</c>, alone or with a message format or parameters; grpc-web is another protocol.</summary>
    public static bool IsGrpcContentType(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

    /// <summary>Whether a header belongs to the protocol and is no metadata of the application.</summary>
    public static bool IsReserved(string name) =>
        name.StartsWith(':')
        || name.Equals(ContentTypeHeader, StringComparison.OrdinalIgnoreCase)
        || name.Equals(Te, StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
            && (name.Equals(Status, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Message, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Timeout, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Encoding, StringComparison.OrdinalIgnoreCase)
                || name.Equals(AcceptEncoding, StringComparison.OrdinalIgnoreCase)
                || name.Equals(EncodingRequest, StringComparison.OrdinalIgnoreCase)));

    public static bool Accepts(string? acceptEncoding, string encoding)
    {
        foreach (var range in acceptEncoding.AsSpan().Split(','))
        {
            if (acceptEncoding.AsSpan(range).Trim().Equals(encoding, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
