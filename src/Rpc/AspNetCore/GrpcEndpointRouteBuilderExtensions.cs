using System.Reflection;
using System.Runtime.CompilerServices;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

// The namespace in which every host looks for Map... methods.
#pragma warning disable IDE0130
namespace Microsoft.AspNetCore.Builder;
#pragma warning restore IDE0130

/// <summary>Maps gRPC services to endpoints.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    private static readonly ConditionalWeakTable<ICollection<EndpointDataSource>, object> WithCatchAll = [];

    /// <summary>
    /// Maps the methods of a service. Calls to methods it lacks, and to services that are not mapped, end with UNIMPLEMENTED.
    /// </summary>
    /// <typeparam name="TService">
    /// The service: derives from a generated <c>...Base</c> class. It comes from the container where it is registered, else one is made for each call.
    /// </typeparam>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <exception cref="InvalidOperationException">AddGrpc was not called, or the class derives from no generated base class.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder endpoints)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var routeOptions = endpoints.ServiceProvider.GetRequiredService<IOptions<RouteOptions>>().Value;
        if (!routeOptions.ConstraintMap.ContainsKey(GrpcRequestConstraint.Name))
        {
            throw new InvalidOperationException("gRPC is not set up; call services.AddGrpc() before MapGrpcService.");
        }

        var binder = new ServiceMethodBinder<TService>(endpoints);
        Bind(typeof(TService), binder);
        foreach (var service in binder.ServiceNames)
        {
            MapUnimplemented(endpoints, $"/{service}/{{method:{GrpcRequestConstraint.Name}}}", "Method");
        }

        if (WithCatchAll.TryAdd(endpoints.DataSources, endpoints))
        {
            MapUnimplemented(endpoints, $"/{{service}}/{{method:{GrpcRequestConstraint.Name}}}", "Service");
        }

        return new GrpcServiceEndpointConventionBuilder(binder.Endpoints);
    }

    private static void Bind(Type serviceType, ServiceBinderBase binder)
    {
        // The attribute stands on the generated base class and is not inherited.
        for (var type = serviceType; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is not { } binding)
            {
                continue;
            }

            var bind = binding.BindType.GetMethod(
                binding.BindMethodName, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static, [typeof(ServiceBinderBase), type])
                ?? throw new InvalidOperationException($"{binding.BindType} has no method {binding.BindMethodName}(ServiceBinderBase, {type.Name}).");
            bind.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [binder, null], null);
            return;
        }

        throw new InvalidOperationException($"{serviceType} is no gRPC service: it derives from no class with [BindServiceMethod], such as protoc generates.");
    }

    private static void MapUnimplemented(IEndpointRouteBuilder endpoints, string pattern, string what) =>
        endpoints.Map(pattern, http => GrpcResponse.Unimplemented(http, $"{what} is unimplemented: {http.Request.Path}"))
            .WithDisplayName($"gRPC - Unimplemented {what.ToLowerInvariant()}")
            // After every endpoint that the host has of its own.
            .Add(builder => ((RouteEndpointBuilder)builder).Order = int.MaxValue);
}
