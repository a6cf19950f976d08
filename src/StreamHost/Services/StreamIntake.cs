using Grpc.Core;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>Reads the requests of one Classify or Publish call in the order that the contract asks for: the config once, then audio.</summary>
internal sealed class StreamIntake(IAsyncStreamReader<StreamMessage> requests)
{
    /// <summary>The first message, which must be the config.</summary>
    public async Task<V1.StreamConfig> ReadConfigAsync(CancellationToken cancellationToken)
    {
        if (!await requests.MoveNext(cancellationToken))
        {
            throw RpcErrors.Invalid("The request ended before the config; send a message with 'config' first, then 'audio'.");
        }

        var message = requests.Current;
        var (config, hasAudio) = (message.Config, message.Audio is not null);
        message.Release();
        return config ?? throw RpcErrors.Invalid(
            hasAudio ? "Audio came before the config; the first message must set 'config'." : "The first message is empty; it must set 'config'.");
    }

    /// <summary>Hands the audio on until the sender half-closes. Back-pressure: the next message is read when the session has taken this one.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="stop">Reads no further message.</param>
    /// <param name="cancellationToken">Gives the stream up.</param>
    public async Task PumpAsync(StreamSession session, CancellationToken stop, CancellationToken cancellationToken)
    {
        await foreach (var message in requests.ReadAllAsync(stop))
        {
            // A message that is not taken in to its end is left to the garbage collector: somebody may still be reading it.
            await session.WriteAsync(AudioOf(message), cancellationToken);
            message.Release();
        }
    }

    private static ReadOnlyMemory<byte> AudioOf(StreamMessage message) => message.Audio ?? throw RpcErrors.Invalid(
        message.Config is null
            ? "A message is empty; after the config every message must set 'audio'."
            : "A second config came; a stream has one config, its first message. Open another call for other settings.");
}
