using System.Threading.Channels;

namespace StreamGenre.Stages;

/// <summary>
/// One stream: write its audio, read its updates, complete it. One task writes (calls to <see cref="WriteAsync"/> and
/// <see cref="CompleteAsync"/> one after the other), another may read <see cref="Updates"/> meanwhile, and under
/// <see cref="OverloadPolicy.Block"/> it must: unread updates hold the writer up. Disposing of it gives it up if it has not ended; updates
/// already made can still be read.
/// </summary>
public interface IGenreStream : IAsyncDisposable
{
    /// <summary>The stream's id.</summary>
    string StreamId { get; }

    /// <summary>Its settings.</summary>
    GenreStreamOptions Options { get; }

    /// <summary>
    /// Updates in the order of the audio, one a window; the last has <see cref="StreamState.Ended"/>. It completes after that one, with the
    /// error when the stream fails, and without an ended update when it is disposed of early.
    /// </summary>
    ChannelReader<GenreUpdate> Updates { get; }

    /// <summary>Audio received so far, in whole samples.</summary>
    TimeSpan AudioTime { get; }

    /// <summary>Windows dropped under overload so far.</summary>
    long DroppedWindows { get; }

    /// <summary>
    /// Takes audio and makes windows of it; returns when each finished window has a place, waiting for one under
    /// <see cref="OverloadPolicy.Block"/>. The bytes may be cut anywhere and are not kept. A cancelled write ends the stream.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another call is in progress, or the stream was completed.</exception>
    /// <exception cref="ClassificationException">The stream's windows can't be classified; it is over.</exception>
    /// <exception cref="ObjectDisposedException">The stream was disposed of.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the audio: flushes what the front end holds, and returns when the last update has been made. Nothing that was accepted is lost.
    /// </summary>
    /// <exception cref="IncompleteSampleException">The audio ends inside a sample; the stream ends with this error.</exception>
    /// <exception cref="InvalidOperationException">Another call is in progress, or the stream was completed already.</exception>
    /// <exception cref="ClassificationException">The stream's windows can't be classified.</exception>
    ValueTask CompleteAsync(CancellationToken cancellationToken = default);
}
