using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server;

/// <summary>Keeps the catch-all endpoints for unknown services and methods from swallowing requests that are no gRPC.</summary>
internal sealed class GrpcRequestConstraint : IRouteConstraint
{
    public const string Name = "grpcrequest";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null
        && HttpMethods.IsPost(httpContext.Request.Method)
        && GrpcHeaders.IsGrpcContentType(httpContext.Request.ContentType);
}
