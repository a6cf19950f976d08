using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StreamGenre.Rpc.Tests.AspNetCore;

public sealed class ServiceActivationTests
{
    [Fact]
    public async Task MapGrpcService_ServiceNotRegistered_MadeAndDisposedForEachCall()
    {
        var counts = new Counts();
        await using var application = await StartAsync(services => services.AddSingleton(counts));
        using var channel = GrpcChannel.ForAddress(application.Urls.Single());
        var client = new TestService.TestServiceClient(channel);
        await client.EmptyCallAsync(new Empty());
        await client.EmptyCallAsync(new Empty());

        // The second call's answer may be here before its service is disposed; stopping waits for it.
        await application.StopAsync();
        Assert.Equal((2, 2), (counts.Made, counts.Disposed));
    }

    [Fact]
    public async Task MapGrpcService_ServiceIsSingleton_SharedByCalls()
    {
        var counts = new Counts();
        await using var application = await StartAsync(services => services.AddSingleton(counts).AddSingleton<CountedService>());
        using var channel = GrpcChannel.ForAddress(application.Urls.Single());
        var client = new TestService.TestServiceClient(channel);
        await client.EmptyCallAsync(new Empty());
        await client.EmptyCallAsync(new Empty());
        Assert.Equal((1, 0), (counts.Made, counts.Disposed));
    }

    [Fact]
    public void MapGrpcService_WithoutAddGrpc_SaysSo()
    {
        var builder = WebApplication.CreateSlimBuilder();
        using var application = (IDisposable)builder.Build();
        var failure = Assert.Throws<InvalidOperationException>(() => ((WebApplication)application).MapGrpcService<CountedService>());
        Assert.Contains("AddGrpc", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddGrpc_UnknownCompression_HostDoesNotStart()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(options => options.ResponseCompressionAlgorithm = "brotli");
        using var application = (IDisposable)builder.Build();
        var failure = Assert.ThrowsAny<Exception>(() => ((WebApplication)application).MapGrpcService<CountedService>());
        Assert.Contains("gzip", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(Action<IServiceCollection> register)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        register(builder.Services);
        var application = builder.Build();
        application.MapGrpcService<CountedService>();
        await application.StartAsync();
        return application;
    }

    private sealed class Counts
    {
        public int Made;
        public int Disposed;
    }

    private sealed class CountedService : TestService.TestServiceBase, IDisposable
    {
        private readonly Counts _counts;

        public CountedService(Counts counts)
        {
            _counts = counts;
            Interlocked.Increment(ref counts.Made);
        }

        public override Task<Empty> EmptyCall(Empty request, ServerCallContext context) => Task.FromResult(request);

        public void Dispose() => Interlocked.Increment(ref _counts.Disposed);
    }
}
