using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Testing;

namespace StreamGenre.Rpc.Tests.AspNetCore;

/// <summary>What the server puts on the wire, and what it makes of wrong things there.</summary>
public sealed class ProtocolTests
{
    private const string Unary = "/grpc.testing.TestService/UnaryCall";
    private static readonly byte[] Request = new SimpleRequest { Payload = ScriptedService.Bytes(300) }.ToByteArray();

    [Fact]
    public async Task UnaryCall_Plain_OneFrameAndStatusInTrailers()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        var response = await RawCall.PostAsync(host, Unary, RawCall.Frame(0, Request), "application/grpc+proto");
        Assert.Equal(RawCall.Frame(0, new SimpleResponse { Payload = ScriptedService.Bytes(300) }.ToByteArray()), response.Body);
        Assert.Equal(StatusCode.OK, response.TrailerStatus);
        Assert.Null(response.HeaderStatus);
    }

    [Fact]
    public async Task UnaryCall_GzipAccepted_FrameIsFlaggedAndUnfolds()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), options => options.ResponseCompressionAlgorithm = "gzip");
        var response = await RawCall.PostAsync(host, Unary, RawCall.Frame(0, Request), headers: ("grpc-accept-encoding", "deflate, gzip"));
        Assert.Equal("gzip", response.Headers["grpc-encoding"]);
        Assert.Equal(1, response.Body[0]);
        using var gzip = new GZipStream(new MemoryStream(response.Body, 5, response.Body.Length - 5), CompressionMode.Decompress);
        Assert.Equal(ScriptedService.Bytes(300), SimpleResponse.Parser.ParseFrom(gzip).Payload);
    }

    [Fact]
    public async Task UnaryCall_GzipNotAccepted_FrameIsPlain()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService(), options => options.ResponseCompressionAlgorithm = "gzip");
        var response = await RawCall.PostAsync(host, Unary, RawCall.Frame(0, Request));
        Assert.Equal(0, response.Body[0]);
        Assert.DoesNotContain("grpc-encoding", response.Headers.Keys);
    }

    [Fact]
    public async Task UnaryCall_UnknownEncoding_UnimplementedAndListOfKnown()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        var response = await RawCall.PostAsync(host, Unary, RawCall.Frame(1, Request), headers: ("grpc-encoding", "snappy"));
        Assert.Equal(StatusCode.Unimplemented, response.HeaderStatus);
        Assert.Equal("identity,gzip", response.Headers["grpc-accept-encoding"]);
    }

    public static TheoryData<string, byte[]> BrokenBodies => new()
    {
        { "empty", [] },
        { "half a header", [0, 0, 0] },
        { "half a message", RawCall.Frame(0, Request)[..^1] },
        { "unknown flag", RawCall.Frame(7, Request) },
        { "compressed without encoding", RawCall.Frame(1, Request) },
        { "two messages", [.. RawCall.Frame(0, Request), .. RawCall.Frame(0, Request)] },
        { "no protobuf", RawCall.Frame(0, [0xff, 0xff, 0xff]) },
    };

    [Theory]
    [MemberData(nameof(BrokenBodies))]
    public async Task UnaryCall_BrokenBody_Internal(string what, byte[] body)
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        var response = await RawCall.PostAsync(host, Unary, body);
        Assert.True(response.HeaderStatus == StatusCode.Internal, $"{what}: {response.HeaderStatus}");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    public async Task UnaryCall_OtherContentType_415(string contentType)
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        var response = await RawCall.PostAsync(host, Unary, RawCall.Frame(0, Request), contentType);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.HttpStatus);
    }

    [Fact]
    public async Task Post_UnknownPathThatIsNoGrpc_404()
    {
        await using var host = await GrpcHost.StartAsync(new ScriptedService());
        var response = await RawCall.PostAsync(host, "/some/page", [], "application/json");
        Assert.Equal(HttpStatusCode.NotFound, response.HttpStatus);
    }
}
