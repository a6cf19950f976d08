using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;

// The namespace of the class that it extends.
#pragma warning disable IDE0130
namespace Grpc.Core;
#pragma warning restore IDE0130

/// <summary>Leads from a call to its HTTP request.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The HTTP request that carries the call.</summary>
    /// <param name="serverCallContext">The call.</param>
    /// <exception cref="InvalidOperationException">The context is a test's own.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) =>
        serverCallContext is HttpServerCallContext call
            ? call.Http
            : throw new InvalidOperationException($"{serverCallContext.GetType()} is not backed by an HTTP request.");
}
