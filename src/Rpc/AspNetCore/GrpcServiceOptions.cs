using System.IO.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>What a server's gRPC services accept and how they answer.</summary>
public sealed class GrpcServiceOptions
{
    /// <summary>Longest request message in bytes, after decompression; null for no limit. Default: 4 MiB.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Longest response message in bytes, before compression; null (the default) for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>
    /// Compresses responses for clients that accept it: <c>gzip</c>, or null (the default) for none. One call may ask for it too, with the
    /// entry <c>grpc-internal-encoding-request</c> in its <see cref="Core.ServerCallContext.WriteResponseHeadersAsync"/>.
    /// </summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard to compress. Default: <see cref="CompressionLevel.Fastest"/>.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Whether a client is told the message of an exception that a handler did not catch. Default: no, it may hold secrets.</summary>
    public bool? EnableDetailedErrors { get; set; }
}
