using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Wire;

namespace Grpc.Net.Client;

/// <summary>Reads headers, trailers and status out of an HTTP/2 response.</summary>
internal static class ResponseHeadersReader
{
    public static Metadata ReadMetadata(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values)
            {
                MetadataEncoding.AddReceived(metadata, name, value);
            }
        }

        return metadata;
    }

    public static string? Find(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>The status that stands in the trailers, or in the headers of a response without a body; null for none.</summary>
    public static Status? FindStatus(HttpResponseHeaders headers)
    {
        if (Find(headers, GrpcHeaders.Status) is not { } text)
        {
            return null;
        }

        var detail = PercentEncoding.Decode(Find(headers, GrpcHeaders.Message) ?? "");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code <= (int)StatusCode.Unauthenticated
            ? new Status((StatusCode)code, detail)
            : new Status(StatusCode.Unknown, $"The server sent the unknown grpc-status '{text}'. {detail}".TrimEnd());
    }

    /// <summary>What is wrong with a response that is no answer of a gRPC server; null for one that is.</summary>
    public static Status? FindHttpError(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Status(FromHttp(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");
        }

        var contentType = response.Content.Headers.NonValidated.TryGetValues(GrpcHeaders.ContentTypeHeader, out var values) ? values.ToString() : null;
        return GrpcHeaders.IsGrpcContentType(contentType)
            ? null
            : new Status(StatusCode.Unknown, $"Bad gRPC response. Content-Type '{contentType}' is not application/grpc: is the address that of a gRPC server?");
    }

    // grpc/grpc, doc/http-grpc-status-mapping.md
    private static StatusCode FromHttp(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
