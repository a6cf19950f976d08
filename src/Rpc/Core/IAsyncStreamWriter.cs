namespace Grpc.Core;

/// <summary>Messages to the other side; one write at a time.</summary>
/// <typeparam name="T">The message.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>How the next messages are written; null for the default.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message. The task ends when the transport has taken it, so awaiting it is the back-pressure.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="InvalidOperationException">The previous write is still under way.</exception>
    Task WriteAsync(T message);

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up the wait. A client's call is cancelled by it, for half a message can't be taken back; a server's message may still be sent.</param>
    /// <exception cref="InvalidOperationException">The previous write is still under way.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken);
}
