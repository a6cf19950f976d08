using System.Security.Authentication;
using Grpc.Core;
using Grpc.Net.Client;
using StreamGenre.StreamHost.Commands;
using StreamGenre.StreamHost.Http;
using static StreamGenre.V1.GenreStreamService;
using static StreamGenre.V1.SourceService;

namespace StreamGenre.StreamHost.Client;

/// <summary>A channel to a server. Calls go through <see cref="CallAsync"/>, which says so when nobody answers there.</summary>
internal sealed class ServerConnection : IDisposable
{
    // RFC 9113, section 7: HTTP_1_1_REQUIRED
    private const long Http11Required = 0xd;

    private const string Usual = "gRPC has a port of its own (50051 unless --grpc-port chose another): name that with --server.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string _address;
    private readonly GrpcChannel _channel;

    public ServerConnection(string address)
    {
        _address = address;
        _channel = GrpcChannel.ForAddress(address);
        Client = new GenreStreamServiceClient(_channel);
        History = new V1.HistoryService.HistoryServiceClient(_channel);
        Sources = new SourceServiceClient(_channel);
    }

    /// <summary>The client, for calls that need no such translation.</summary>
    public GenreStreamServiceClient Client { get; }

    /// <summary>What was heard.</summary>
    public V1.HistoryService.HistoryServiceClient History { get; }

    /// <summary>The client of what the server listens to by itself.</summary>
    public SourceServiceClient Sources { get; }

    /// <summary>Calls the server.</summary>
    /// <exception cref="CommandFailedException">It can't be reached, or something else than gRPC answers there.</exception>
    public async Task<T> CallAsync<T>(Func<GenreStreamServiceClient, Task<T>> call)
    {
        try
        {
            return await call(Client);
        }
        catch (RpcException e) when (e is { StatusCode: StatusCode.Unavailable, Status.DebugException: not null } || RefusesHttp2(e.Status.DebugException))
        {
            if (Refused<AuthenticationException>(e.Status.DebugException))
            {
                throw new CommandFailedException(
                    $"no answer from {_address} ({e.Status.Detail.TrimEnd('.')}); a port without TLS is named by http://, and a certificate that this machine does not trust by SSL_CERT_FILE=cert.pem.", e);
            }

            // A page's port says that it has no HTTP/2 and closes; what it says is at times lost with the connection, so the page itself is asked.
            var facts = await FactsAsync();
            throw new CommandFailedException(
                facts is null && !RefusesHttp2(e.Status.DebugException)
                    ? $"no answer from {_address} ({e.Status.Detail}); is a server running there? Start one with 'serve', or name another with --server URL."
                    : $"{_address} speaks HTTP/1.1 and no gRPC, as a server's web page does; {OtherPort(facts)}",
                e);
        }
    }

    private static bool Refused<T>(Exception? exception)
        where T : Exception => exception is T || (exception?.InnerException is { } inner && Refused<T>(inner));

    private static bool RefusesHttp2(Exception? exception) => exception is HttpProtocolException { ErrorCode: Http11Required }
        || (exception?.InnerException is { } inner && RefusesHttp2(inner));

    private string OtherPort(ServerFacts? facts) => facts?.GrpcPort is { } port
        ? $"gRPC is at {new UriBuilder(_address) { Port = port, Path = "" }.Uri.GetLeftPart(UriPartial.Authority)}: name that with --server."
        : Usual;

    /// <summary>What a server's page says of the server; null where there is no such page.</summary>
    private async Task<ServerFacts?> FactsAsync()
    {
        try
        {
            using var http = new HttpClient { Timeout = Patience };
            return await http.GetFromJsonAsync<ServerFacts>(new Uri(new Uri(_address), ServerEndpoints.ServerPath));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _channel.Dispose();
}
