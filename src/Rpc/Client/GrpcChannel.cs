using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>
/// A way to a gRPC server over HTTP/2. An <c>http://</c> address is spoken to in plain HTTP/2 from the first byte (h2c with prior
/// knowledge), an <c>https://</c> address over TLS. Make one channel for a server and share it.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly HttpMessageInvoker _http;
    private int _disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        Address = address;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        MaxSendMessageSize = options.MaxSendMessageSize;
        _http = options.HttpHandler is null
            ? new HttpMessageInvoker(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseCookies = false, AllowAutoRedirect = false }, disposeHandler: true)
            : new HttpMessageInvoker(options.HttpHandler, options.DisposeHttpClient);
    }

    internal Uri Address { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal int? MaxSendMessageSize { get; }

    internal HttpMessageInvoker Http
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return _http;
        }
    }

    /// <summary>Makes a channel with default options. No connection is made before the first call.</summary>
    /// <param name="address">The server, such as <c>http://localhost:50051</c>.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address.</exception>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel. No connection is made before the first call.</summary>
    /// <param name="address">The server, such as <c>http://localhost:50051</c>.</param>
    /// <param name="channelOptions">The options.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address.</exception>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? ForAddress(uri, channelOptions)
            : throw new ArgumentException($"'{address}' is no address; write it as http://host:port or https://host:port.", nameof(address));

    /// <summary>Makes a channel with default options. No connection is made before the first call.</summary>
    /// <param name="address">The server.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address.</exception>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel. No connection is made before the first call.</summary>
    /// <param name="address">The server.</param>
    /// <param name="channelOptions">The options.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address.</exception>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"'{address}' is neither an http nor an https address; write it as http://host:port or https://host:port.", nameof(address));
        }

        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker() => new HttpCallInvoker(this);

    /// <summary>Ends the channel: calls that are still under way fail, new ones are refused.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _http.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}
