using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StreamGenre.Rpc.Tests.AspNetCore;

/// <summary>ASP.NET Core's in-memory server, with which services are tested without a socket.</summary>
public sealed class InMemoryServerTests
{
    [Fact]
    public async Task Calls_OverTestServersHandler_Pass()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new ScriptedService());
        await using var application = builder.Build();
        application.MapGrpcService<ScriptedService>();
        await application.StartAsync();
        using var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = application.GetTestServer().CreateHandler() });
        var client = new TestService.TestServiceClient(channel);

        Assert.Equal(ScriptedService.Bytes(7), (await client.UnaryCallAsync(new SimpleRequest { Payload = ScriptedService.Bytes(7) })).Payload);
        await Failing.WithAsync(StatusCode.Unimplemented, client.EmptyCallAsync(new Empty()).ResponseAsync);

        using var call = client.FullDuplexCall();
        for (var size = 0; size < 5; size++)
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = ScriptedService.Bytes(size) });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(size, call.ResponseStream.Current.Payload.Body.Length);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(RawCall.Limit));
    }
}
