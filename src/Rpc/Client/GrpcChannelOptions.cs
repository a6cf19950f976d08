namespace Grpc.Net.Client;

/// <summary>How a channel reaches its server and what it accepts from it.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>
    /// Sends the requests; null for a <see cref="SocketsHttpHandler"/> that opens more connections when one has all the streams that the
    /// server allows. A handler given here is the caller's to dispose unless <see cref="DisposeHttpClient"/> says otherwise.
    /// </summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether disposing the channel disposes <see cref="HttpHandler"/>. Default: no.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Longest response message in bytes, after decompression; null for no limit. Default: 4 MiB.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Longest request message in bytes, before compression; null (the default) for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }
}
