using System.Net;
using Grpc.Net.Client;
using StreamGenre.StreamHost.Commands;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Http;
using static StreamGenre.V1.GenreStreamService;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>The server under load: connections to it, and its statistics, which its gRPC port serves too (HTTP/2 without TLS).</summary>
internal sealed class LoadTarget(string address) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri(address), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private readonly List<GrpcChannel> _channels = [];

    /// <summary>Where it answers.</summary>
    public string Address => address;

    /// <summary>A client on a connection of its own.</summary>
    public GenreStreamServiceClient Connect()
    {
        var channel = GrpcChannel.ForAddress(address);
        _channels.Add(channel);
        return new GenreStreamServiceClient(channel);
    }

    /// <summary>Closes the connections made so far.</summary>
    public void Disconnect()
    {
        _channels.ForEach(channel => channel.Dispose());
        _channels.Clear();
    }

    /// <summary>What the server says of itself now.</summary>
    /// <exception cref="CommandFailedException">It does not answer, or not with statistics.</exception>
    public async Task<ServerStatistics> StatisticsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _http.GetFromJsonAsync<ServerStatistics>(ServerEndpoints.StatisticsPath, cancellationToken)
                ?? throw new CommandFailedException($"{address}{ServerEndpoints.StatisticsPath} is empty.");
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException)
        {
            throw new CommandFailedException(
                $"no statistics from {address}{ServerEndpoints.StatisticsPath} ({e.Message}); --server must name the gRPC port of a server of this version.", e);
        }
    }

    /// <summary>Waits until all streams have ended on the server too; a while only, for others may hold some open.</summary>
    public async Task<ServerStatistics> IdleAsync(CancellationToken cancellationToken)
    {
        var statistics = await StatisticsAsync(cancellationToken);
        for (var waits = 0; statistics.OpenStreams > 0 && waits < 100; waits++)
        {
            await Task.Delay(100, cancellationToken);
            statistics = await StatisticsAsync(cancellationToken);
        }

        return statistics;
    }

    public void Dispose()
    {
        Disconnect();
        _http.Dispose();
    }
}
