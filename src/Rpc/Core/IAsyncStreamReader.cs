namespace Grpc.Core;

/// <summary>The messages that the other side sends, one at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> brought.</summary>
    T Current { get; }

    /// <summary>
    /// Waits for the next message. Nothing is read ahead of it beyond HTTP/2's flow control window, so a slow reader slows the sender.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the other side has sent its last message.</returns>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}
