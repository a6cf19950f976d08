using System.Threading.Channels;
using Akka.Streams;
using StreamGenre.Stages;

namespace StreamGenre.AkkaEngine.Sources;

/// <summary>A stream that fetches its audio by itself: read its updates, complete it when enough was heard, dispose of it to give it up.</summary>
public sealed class PulledStream : IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PulledStream(IGenreStream inner) => Inner = inner;

    /// <summary>The stream's id.</summary>
    public string StreamId => Inner.StreamId;

    /// <summary>Its updates; see <see cref="IGenreStream.Updates"/>.</summary>
    public ChannelReader<GenreUpdate> Updates => Inner.Updates;

    /// <summary>Audio received so far.</summary>
    public TimeSpan AudioTime => Inner.AudioTime;

    internal IGenreStream Inner { get; }

    /// <summary>What disconnects the source.</summary>
    internal SharedKillSwitch Kill { get; } = KillSwitches.Shared("pulled");

    /// <summary>Disconnects the source and flushes; returns when the last update has been made. Read the updates meanwhile.</summary>
    /// <exception cref="ClassificationException">The stream's windows can't be classified.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        Kill.Shutdown();

        // The source may outlive its stream or the other way about.
        await Task.WhenAny(_ended.Task, Updates.Completion).WaitAsync(cancellationToken);
        await Inner.CompleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Kill.Shutdown();
        return Inner.DisposeAsync();
    }

    /// <summary>The source is disconnected for good.</summary>
    internal void SetEnded() => _ended.TrySetResult();
}
