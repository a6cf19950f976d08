using Grpc.Core;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>Reads the requests of one Classify or Publish call in the order that the contract asks for: the config once, then audio.</summary>
internal sealed class StreamIntake<TRequest>(IAsyncStreamReader<TRequest> requests, Func<TRequest, StreamMessage> read)
{
    /// <summary>The first message, which must be the config.</summary>
    public async Task<V1.StreamConfig> ReadConfigAsync(CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken))
        {
            throw RpcErrors.Invalid("The request ended before the config; send a message with 'config' first, then 'audio'.");
        }

        var message = read(requests.Current);
        return message switch
        {
            { Config: { } config } => config,
            { Audio: not null } => throw RpcErrors.Invalid("Audio came before the config; the first message must set 'config'."),
            _ => throw RpcErrors.Invalid("The first message is empty; it must set 'config'."),
        };
    }

    /// <summary>
    /// Hands the audio on until the sender half-closes, then flushes. When the server begins to shut down no further audio is read; what was
    /// read is flushed all the same. Back-pressure: the next message is read when the session has taken this one.
    /// </summary>
    /// <returns>True when the sender ended the stream, false when the server did.</returns>
    public async Task<bool> PumpAsync(StreamSession session, CancellationToken stopping, CancellationToken cancellationToken)
    {
        try
        {
            var whole = true;
            while (true)
            {
                var next = requests.MoveNext(cancellationToken);
                try
                {
                    if (!await next.WaitAsync(stopping))
                    {
                        break;
                    }
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    // The read stays open and ends with the call; its outcome is nobody's concern any more.
                    _ = next.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                    whole = false;
                    break;
                }

                var message = read(requests.Current);
                if (message.Audio is not { } audio)
                {
                    throw RpcErrors.Invalid(
                        message.Config is null
                            ? "A message is empty; after the config every message must set 'audio'."
                            : "A second config came; a stream has one config, its first message. Open another call for other settings.");
                }

                await session.WriteAsync(audio.Memory, cancellationToken);
            }

            await session.CompleteAsync(cancellationToken);
            return whole;
        }
        catch
        {
            // Ends the reading of updates too, and with it the call.
            await session.DisposeAsync();
            throw;
        }
    }
}
