using Grpc.Core;
using Grpc.Net.Client;
using StreamGenre.StreamHost.Commands;
using static StreamGenre.V1.GenreStreamService;

namespace StreamGenre.StreamHost.Client;

/// <summary>A channel to a server. Calls go through <see cref="CallAsync"/>, which says so when nobody answers there.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly string _address;
    private readonly GrpcChannel _channel;

    public ServerConnection(string address)
    {
        _address = address;
        _channel = GrpcChannel.ForAddress(address);
        Client = new GenreStreamServiceClient(_channel);
    }

    /// <summary>The client, for calls that need no such translation.</summary>
    public GenreStreamServiceClient Client { get; }

    /// <summary>Calls the server.</summary>
    /// <exception cref="CommandFailedException">It can't be reached.</exception>
    public async Task<T> CallAsync<T>(Func<GenreStreamServiceClient, Task<T>> call)
    {
        try
        {
            return await call(Client);
        }
        catch (RpcException e) when (e is { StatusCode: StatusCode.Unavailable, Status.DebugException: not null })
        {
            throw new CommandFailedException(
                $"no answer from {_address} ({e.Status.Detail}); is a server running there? Start one with 'serve', or name another with --server URL.", e);
        }
    }

    public void Dispose() => _channel.Dispose();
}
