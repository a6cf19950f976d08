using System.Globalization;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>Ends responses. Before the first byte of a body, the trailers go where the headers go ("Trailers-Only").</summary>
internal static class GrpcResponse
{
    public static void WriteStatus(HttpResponse response, Status status, Metadata? trailers)
    {
        var destination = response.HasStarted
            ? response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : response.Headers;
        destination[GrpcHeaders.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (status.Detail.Length > 0)
        {
            destination[GrpcHeaders.Message] = PercentEncoding.Encode(status.Detail);
        }

        AddMetadata(destination, trailers);
    }

    public static void AddMetadata(IHeaderDictionary destination, Metadata? metadata)
    {
        foreach (var entry in metadata ?? Metadata.Empty)
        {
            if (!GrpcHeaders.IsReserved(entry.Key))
            {
                destination.Append(entry.Key, MetadataEncoding.Encode(entry));
            }
        }
    }

    /// <summary>Answers what is no gRPC call in terms of HTTP; true for one that is.</summary>
    public static bool IsCall(HttpContext http)
    {
        if (!GrpcHeaders.IsGrpcContentType(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            WriteStatus(http.Response, new Status(StatusCode.Internal, $"Content-Type '{http.Request.ContentType}' is not supported; send application/grpc."), null);
            return false;
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "HTTP/2";
            WriteStatus(http.Response, new Status(StatusCode.Internal, $"gRPC needs HTTP/2 and the request came over {http.Request.Protocol}."), null);
            return false;
        }

        http.Response.ContentType = GrpcHeaders.ContentType;
        return true;
    }

    public static Task Unimplemented(HttpContext http, string detail)
    {
        if (IsCall(http))
        {
            WriteStatus(http.Response, new Status(StatusCode.Unimplemented, detail), null);
        }

        return Task.CompletedTask;
    }
}
