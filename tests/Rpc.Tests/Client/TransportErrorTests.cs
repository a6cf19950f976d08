using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace StreamGenre.Rpc.Tests.Client;

/// <summary>Servers that are not there, or are no gRPC servers.</summary>
public sealed class TransportErrorTests
{
    [Fact]
    public async Task UnaryCall_NobodyListens_Unavailable()
    {
        // A port that was free a moment ago.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        await Failing.WithAsync(StatusCode.Unavailable, new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest()).ResponseAsync);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    public Task UnaryCall_HttpError_MappedToStatus(int httpStatus, StatusCode expected) => AgainstAsync(
        http =>
        {
            http.Response.StatusCode = httpStatus;
            return Task.CompletedTask;
        },
        expected);

    [Fact]
    public Task UnaryCall_HtmlPage_Unknown() => AgainstAsync(http => http.Response.WriteAsync("<html>"), StatusCode.Unknown);

    [Fact]
    public Task UnaryCall_BodyWithoutStatus_Unknown() => AgainstAsync(
        async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(RawCall.Frame(0, []));
        },
        StatusCode.Unknown);

    [Fact]
    public Task UnaryCall_BodyEndsInsideMessage_Internal() => AgainstAsync(
        async http =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(RawCall.Frame(0, [8, 1]).AsMemory()[..^1]);
            http.Response.AppendTrailer("grpc-status", "0");
        },
        StatusCode.Internal);

    [Fact]
    public Task UnaryCall_OkWithoutMessage_Internal() => AgainstAsync(
        http =>
        {
            http.Response.ContentType = "application/grpc";
            http.Response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        },
        StatusCode.Internal);

    [Fact]
    public Task UnaryCall_StreamIsReset_Cancelled() => AgainstAsync(
        http =>
        {
            http.Features.GetRequiredFeature<IHttpResetFeature>().Reset(8);
            return Task.CompletedTask;
        },
        StatusCode.Cancelled);

    [Theory]
    [InlineData("localhost:50051")]
    [InlineData("ftp://localhost")]
    [InlineData("")]
    public void ForAddress_NoHttpAddress_Throws(string address)
    {
        var failure = Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress(address));
        Assert.Contains("http://host:port", failure.Message, StringComparison.Ordinal);
    }

    private static async Task AgainstAsync(RequestDelegate answer, StatusCode expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        await using var application = builder.Build();
        application.Run(answer);
        await application.StartAsync();
        using var channel = GrpcChannel.ForAddress(application.Urls.Single());
        await Failing.WithAsync(expected, new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest()).ResponseAsync);
    }
}
