using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Grpc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StreamGenre.Rpc.Tests;

/// <summary>A service on Kestrel, on a socket of its own, and a channel to it.</summary>
internal sealed class GrpcHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private GrpcHost(WebApplication application, GrpcChannelOptions channelOptions)
    {
        _application = application;
        Address = new Uri(application.Urls.Single());
        Channel = GrpcChannel.ForAddress(Address, channelOptions);
        Client = new TestService.TestServiceClient(Channel);
    }

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public TestService.TestServiceClient Client { get; }

    public static async Task<GrpcHost> StartAsync<TService>(
        TService service, Action<GrpcServiceOptions>? configure = null, GrpcChannelOptions? channelOptions = null)
        where TService : TestService.TestServiceBase
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(configure ?? (_ => { }));
        builder.Services.AddSingleton(service);
        var application = builder.Build();
        application.MapGrpcService<TService>();
        await application.StartAsync();
        return new GrpcHost(application, channelOptions ?? new GrpcChannelOptions());
    }

    /// <summary>Waits for the handlers that are still running.</summary>
    public Task StopAsync()
    {
        Channel.Dispose();
        return _application.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _application.DisposeAsync();
    }
}
