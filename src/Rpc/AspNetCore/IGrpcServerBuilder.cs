using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Carries the registrations that belong to gRPC.</summary>
public interface IGrpcServerBuilder
{
    /// <summary>The host's services.</summary>
    IServiceCollection Services { get; }
}
