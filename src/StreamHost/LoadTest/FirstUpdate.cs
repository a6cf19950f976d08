using System.Diagnostics;
using Grpc.Core;
using StreamGenre.AudioFiles;
using StreamGenre.StreamHost.Client;
using StreamGenre.StreamHost.Commands;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>The first stream of a server that has just started: when its first update comes, and how long the model's windows are.</summary>
internal static class FirstUpdate
{
    // Longer windows than this are no model's that we know of.
    private const int MostSeconds = 60;

    /// <summary>Sends audio at once until an update is there.</summary>
    /// <returns>The window's length, and when its update came, a <see cref="Stopwatch"/> timestamp.</returns>
    public static async Task<(TimeSpan Window, long ReceivedAt)> WaitAsync(LoadTarget target, SourceFormat format, CancellationToken cancellationToken)
    {
        var sound = LoadSound.Create(format, chunkFrames: format.SampleRateHz / 10);
        using var connection = new ServerConnection(target.Address);
        return await connection.CallAsync(async client =>
        {
            using var call = client.Classify(cancellationToken: cancellationToken);
            await call.RequestStream.WriteAsync(new V1.ClassifyRequest { Config = AudioStreamer.Describe(format, new V1.StreamConfig()) }, cancellationToken);
            var first = call.ResponseStream.MoveNext(cancellationToken);
            for (var chunk = 0; !first.IsCompleted && chunk < 10 * MostSeconds; chunk++)
            {
                await call.RequestStream.WriteAsync(new V1.ClassifyRequest { Audio = sound.Chunk(chunk) }, cancellationToken);
            }

            await call.RequestStream.CompleteAsync();
            if (!await first || call.ResponseStream.Current.State == V1.StreamState.Ended)
            {
                throw new CommandFailedException($"{target.Address} gave no update for {MostSeconds} s of audio.");
            }

            var receivedAt = Stopwatch.GetTimestamp();
            var update = call.ResponseStream.Current;
            return (update.WindowEnd.ToTimeSpan() - update.WindowStart.ToTimeSpan(), receivedAt);
        });
    }
}
