using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;

// The namespace in which every host looks for Add... methods.
#pragma warning disable IDE0130
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Adds gRPC to a host.</summary>
public static class GrpcServicesExtensions
{
    /// <summary>Adds what gRPC services need, with default options.</summary>
    /// <param name="services">The host's services.</param>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.Configure<RouteOptions>(options => options.ConstraintMap[GrpcRequestConstraint.Name] = typeof(GrpcRequestConstraint));
        services.AddOptions<GrpcServiceOptions>()
            .Validate(
                options => options.ResponseCompressionAlgorithm is null or "gzip" or "identity",
                "GrpcServiceOptions.ResponseCompressionAlgorithm is neither null nor 'gzip', the one compression there is.")
            .Validate(
                options => options.MaxReceiveMessageSize is null or > 0 && options.MaxSendMessageSize is null or > 0,
                "GrpcServiceOptions.MaxReceiveMessageSize and MaxSendMessageSize are bytes above 0, or null for no limit.")
            .ValidateOnStart();
        return new GrpcServerBuilder(services);
    }

    /// <summary>Adds what gRPC services need.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configureOptions">Sets the options.</param>
    public static IGrpcServerBuilder AddGrpc(this IServiceCollection services, Action<GrpcServiceOptions> configureOptions)
    {
        var builder = services.AddGrpc();
        services.Configure(configureOptions);
        return builder;
    }
}
