using System.Threading.Channels;
using Akka.Streams;
using StreamGenre.Stages;

namespace StreamGenre.AkkaEngine.Sources;

/// <summary>A stream that fetches its audio by itself: read its updates, complete it when enough was heard, dispose of it to give it up.</summary>
public sealed class PulledStream : IAsyncDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<UniqueKillSwitch> _kill = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal PulledStream(IGenreStream inner) => Inner = inner;

    /// <summary>The stream's id.</summary>
    public string StreamId => Inner.StreamId;

    /// <summary>Its updates; see <see cref="IGenreStream.Updates"/>.</summary>
    public ChannelReader<GenreUpdate> Updates => Inner.Updates;

    /// <summary>Audio received so far.</summary>
    public TimeSpan AudioTime => Inner.AudioTime;

    internal IGenreStream Inner { get; }

    /// <summary>Disconnects the source and flushes; returns when the last update has been made. Read the updates meanwhile.</summary>
    /// <exception cref="ClassificationException">The stream's windows can't be classified.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        (await _kill.Task.WaitAsync(cancellationToken)).Shutdown();
        await _ended.Task.WaitAsync(cancellationToken);
        await Inner.CompleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        if (_kill.Task.IsCompletedSuccessfully)
        {
            (await _kill.Task).Shutdown();
        }
    }

    internal void Attach(UniqueKillSwitch kill) => _kill.TrySetResult(kill);

    internal void SetEnded()
    {
        _kill.TrySetCanceled();
        _ended.TrySetResult();
    }
}
