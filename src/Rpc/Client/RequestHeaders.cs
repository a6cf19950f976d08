using System.Net;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>Makes the HTTP/2 request of a call, body aside.</summary>
internal static class RequestHeaders
{
    private static readonly string UserAgent = $"grpc-dotnet-streamgenre/{typeof(RequestHeaders).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Makes the request; <paramref name="encoding"/> is the compression that the call asks for, null for none.</summary>
    public static HttpRequestMessage Create(GrpcChannel channel, IMethod method, string? host, CallOptions options, TimeSpan? timeout, out string? encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Address, method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation(GrpcHeaders.Te, GrpcHeaders.Trailers);
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, GrpcHeaders.AcceptedEncodings);
        headers.Host = host;
        if (timeout is { } time)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Timeout, GrpcTimeout.Format(time));
        }

        encoding = null;
        var hasUserAgent = false;
        foreach (var entry in options.Headers ?? Metadata.Empty)
        {
            if (entry.Key == GrpcHeaders.EncodingRequest)
            {
                encoding = Supported(entry.Value);
            }
            else if (!GrpcHeaders.IsReserved(entry.Key))
            {
                hasUserAgent |= entry.Key == GrpcHeaders.UserAgent;
                headers.TryAddWithoutValidation(entry.Key, MetadataEncoding.Encode(entry));
            }
        }

        if (encoding is not null)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Encoding, encoding);
        }

        if (!hasUserAgent)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.UserAgent, UserAgent);
        }

        return request;
    }

    private static string? Supported(string encoding) => encoding switch
    {
        GrpcHeaders.Gzip => GrpcHeaders.Gzip,
        GrpcHeaders.Identity => null,
        _ => throw new ArgumentException($"The compression '{encoding}' is not supported; {GrpcHeaders.EncodingRequest} takes gzip or identity.", nameof(encoding)),
    };
}
