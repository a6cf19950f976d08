using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace StreamGenre.StreamHost.Hosting;

/// <summary>
/// Where Kestrel listens, and its limits. With a section <c>Kestrel:Endpoints</c> in the settings (TLS, for one) those endpoints are all there is,
/// and each carries gRPC and HTTP as its protocols allow.
/// </summary>
internal sealed class Listening(HostSettings settings)
{
    private ListenOptions? _grpc;
    private ListenOptions? _http;

    /// <summary>gRPC's port, once the server has started; null where the section <c>Kestrel:Endpoints</c> says what is where.</summary>
    public int? GrpcPort => _grpc?.IPEndPoint?.Port;

    /// <summary>Sets Kestrel up.</summary>
    public void Configure(WebHostBuilderContext context, KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;

        // A stream lasts for days, may be silent for minutes, and its bytes are bounded by back-pressure, not by a total.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;

        // What a sender may have under way unread: 128 KiB are 0.7 s of CD audio, so it feels back-pressure within a second, and still 1.3 MB/s
        // (7 times CD) over a round trip of 100 ms. Kestrel's own default of 768 KiB would hide 4.5 s.
        limits.Http2.InitialStreamWindowSize = 128 * 1024;

        // The connection's window is shared: 16 MiB let 128 streams of one connection stand still before they hold up the others.
        limits.Http2.InitialConnectionWindowSize = 16 * 1024 * 1024;
        limits.Http2.MaxStreamsPerConnection = 1000;

        // A publisher that vanished without a goodbye frees its stream id within 50 s.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);

        var section = settings.Configuration.GetSection("Kestrel");
        kestrel.Configure(section);
        if (section.GetSection("Endpoints").Exists())
        {
            return;
        }

        Listen(kestrel, settings.Server.GrpcPort, options =>
        {
            options.Protocols = HttpProtocols.Http2;
            _grpc = options;
        });
        Listen(kestrel, settings.Server.HttpPort, options =>
        {
            options.Protocols = HttpProtocols.Http1;
            _http = options;
        });
    }

    /// <summary>The addresses once the server has started, with the ports that were taken where 0 was asked for.</summary>
    public (string Grpc, string Http) Addresses(IServerAddressesFeature? feature)
    {
        if (_grpc is null || _http is null)
        {
            var all = string.Join(' ', feature?.Addresses ?? []);
            return (all, all);
        }

        var host = settings.Server.BindAddress is "*" or "localhost" || IPAddress.Parse(settings.Server.BindAddress).Equals(IPAddress.Any)
            ? "localhost"
            : settings.Server.BindAddress.Contains(':', StringComparison.Ordinal) ? $"[{settings.Server.BindAddress}]" : settings.Server.BindAddress;
        return ($"http://{host}:{_grpc.IPEndPoint!.Port}", $"http://{host}:{_http.IPEndPoint!.Port}");
    }

    private void Listen(KestrelServerOptions kestrel, int port, Action<ListenOptions> configure)
    {
        switch (settings.Server.BindAddress)
        {
            case "*":
                kestrel.ListenAnyIP(port, configure);
                break;

            // "localhost" is two addresses, which can't share a port yet to be found.
            case "localhost" when port != 0:
                kestrel.ListenLocalhost(port, configure);
                break;
            case "localhost":
                kestrel.Listen(IPAddress.Loopback, port, configure);
                break;
            default:
                kestrel.Listen(IPAddress.Parse(settings.Server.BindAddress), port, configure);
                break;
        }
    }
}
