using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// Keeps the catch-all endpoints for unknown services and methods from swallowing requests that are no gRPC, and from standing behind paths that the host
/// spells out: there they would be one more endpoint for every HTTP method, so that a method that such a path does not take was answered by 404, not by 405.
/// </summary>
internal sealed class GrpcRequestConstraint : IRouteConstraint, IParameterLiteralNodeMatchingPolicy
{
    public const string Name = "grpcrequest";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null
        && HttpMethods.IsPost(httpContext.Request.Method)
        && GrpcHeaders.IsGrpcContentType(httpContext.Request.ContentType);

    public bool MatchesLiteral(string parameterName, string literal) => false;
}
