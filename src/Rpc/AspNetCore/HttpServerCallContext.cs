using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>A call as it stands in an HTTP/2 request.</summary>
internal sealed class HttpServerCallContext : ServerCallContext, IAsyncDisposable
{
    private readonly IMethod _method;
    private CallDeadline? _deadline;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;
    private bool _responseIsGzip;
    private IDisposable? _ownedByCall;

    public HttpServerCallContext(HttpContext http, IMethod method, GrpcServiceOptions options)
    {
        Http = http;
        _method = method;
        Options = options;
        Output = new ResponseOutput(this);
    }

    public HttpContext Http { get; }

    public GrpcServiceOptions Options { get; }

    public ResponseOutput Output { get; }

    /// <summary>The request's grpc-encoding; null for none.</summary>
    public string? RequestEncoding { get; private set; }

    /// <summary>Set when reading or writing has shown that nobody is there any more, which may be seen before the token fires.</summary>
    public bool ClientIsGone { get; set; }

    /// <summary>Whether the newest request message came compressed.</summary>
    public bool RequestWasCompressed { get; set; }

    public bool HasEnded { get; private set; }

    public CallDeadline? CallDeadline => _deadline;

    public Metadata? ResponseTrailersOrNull => _responseTrailers;

    protected override string MethodCore => _method.FullName;

    protected override string HostCore => Http.Request.Host.Value ?? "";

    protected override string PeerCore => PeerAddress.Of(Http.Connection);

    protected override DateTime DeadlineCore => _deadline?.Utc ?? DateTime.MaxValue;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders();

    protected override CancellationToken CancellationTokenCore => _deadline?.Token ?? Http.RequestAborted;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= ReadAuthContext();

    /// <summary>Reads what the request asks of the call.</summary>
    /// <exception cref="RpcException">UNIMPLEMENTED for an unknown compression, INTERNAL for a malformed timeout.</exception>
    public void Begin(TimeProvider clock)
    {
        var headers = Http.Request.Headers;
        switch (headers[GrpcHeaders.Encoding].ToString())
        {
            case "" or GrpcHeaders.Identity:
                break;
            case GrpcHeaders.Gzip:
                RequestEncoding = GrpcHeaders.Gzip;
                break;
            case var unknown:
                Http.Response.Headers[GrpcHeaders.AcceptEncoding] = GrpcHeaders.AcceptedEncodings;
                throw new RpcException(new Status(
                    StatusCode.Unimplemented, $"Messages compressed with '{unknown}' can't be read; this server reads {GrpcHeaders.AcceptedEncodings}."));
        }

        if (Options.ResponseCompressionAlgorithm == GrpcHeaders.Gzip)
        {
            CompressResponseIfAccepted();
        }

        if (headers.TryGetValue(GrpcHeaders.Timeout, out var timeoutText))
        {
            if (!GrpcTimeout.TryParse(timeoutText.ToString(), out var timeout))
            {
                throw new RpcException(new Status(
                    StatusCode.Internal, $"grpc-timeout '{timeoutText}' is malformed; it takes 1 to 8 digits and one of H M S m u n."));
            }

            _deadline = new CallDeadline(Http, timeout, clock);
        }
    }

    public bool ShouldCompress(WriteOptions? options) =>
        _responseIsGzip && ((options ?? WriteOptionsCore)?.Flags & WriteFlags.NoCompress) is not WriteFlags.NoCompress;

    public void End() => HasEnded = true;

    /// <summary>Takes over something to dispose of at the call's end; what it took before has been disposed of.</summary>
    public void DisposeAtEnd(IDisposable owned) => _ownedByCall = owned;

    public ValueTask DisposeAsync()
    {
        _ownedByCall?.Dispose();
        return _deadline?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (Http.Response.HasStarted)
        {
            throw new InvalidOperationException("The response headers have been sent already; write them once, before the first response.");
        }

        if (responseHeaders.GetValue(GrpcHeaders.EncodingRequest) == GrpcHeaders.Gzip)
        {
            CompressResponseIfAccepted();
        }

        GrpcResponse.AddMetadata(Http.Response.Headers, responseHeaders);
        return Output.FlushHeadersAsync();
    }

    private void CompressResponseIfAccepted()
    {
        if (GrpcHeaders.Accepts(Http.Request.Headers[GrpcHeaders.AcceptEncoding].ToString(), GrpcHeaders.Gzip))
        {
            _responseIsGzip = true;
            Http.Response.Headers[GrpcHeaders.Encoding] = GrpcHeaders.Gzip;
        }
    }

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in Http.Request.Headers)
        {
            foreach (var value in values)
            {
                MetadataEncoding.AddReceived(metadata, name, value ?? "");
            }
        }

        return metadata;
    }

    private AuthContext ReadAuthContext()
    {
        var properties = new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal);
        if (Http.Connection.ClientCertificate is not { } certificate)
        {
            return new AuthContext(null, properties);
        }

        // The names that gRPC's core gives them: the alternative name identifies the peer where there is one.
        Add("x509_common_name", certificate.GetNameInfo(X509NameType.SimpleName, false));
        Add("x509_subject_alternative_name", certificate.GetNameInfo(X509NameType.DnsFromAlternativeName, false));
        return new AuthContext(properties.Keys.LastOrDefault(), properties);

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                properties[name] = [new AuthProperty(name, value)];
            }
        }
    }
}
