using Grpc.Core;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Client;

/// <summary>Shows the updates of a server's sources, and how the sources fare.</summary>
/// <param name="connection">The server.</param>
/// <param name="view">Gets the updates.</param>
/// <param name="tell">Gets how a source fares, whenever that changes: the words, and the source's id.</param>
/// <param name="time">The clock.</param>
internal sealed class SourceFollower(ServerConnection connection, IUpdateView view, Action<string, string> tell, TimeProvider time)
{
    // How often the server is asked how the sources fare; updates come by themselves.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _showing = new();

    /// <summary>Follows them until all their streams have ended.</summary>
    public async Task FollowAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(ids, ended.Token);
        try
        {
            await Task.WhenAll(ids.Select(id => FollowAsync(id, cancellationToken)));
        }
        finally
        {
            await ended.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(string id, CancellationToken cancellationToken)
    {
        using var call = connection.Client.Subscribe(new V1.SubscribeRequest { StreamId = id, FromSequence = 1 }, cancellationToken: cancellationToken);
        await foreach (var update in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            lock (_showing)
            {
                view.Show(update);
            }
        }
    }

    private async Task WatchAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var response = await connection.Sources.ListSourcesAsync(new V1.ListSourcesRequest(), cancellationToken: cancellationToken);
            foreach (var source in response.Sources.Where(source => ids.Contains(source.Id)))
            {
                var line = SourceText.Line(source);
                if (told.GetValueOrDefault(source.Id) != line)
                {
                    told[source.Id] = line;
                    lock (_showing)
                    {
                        tell(line, source.Id);
                    }
                }
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }
}
