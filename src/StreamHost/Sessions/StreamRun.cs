using StreamGenre.Stages;

namespace StreamGenre.StreamHost.Sessions;

/// <summary>A stream from its first byte to its last update, for owners whose audio comes in while its updates go out: gRPC's calls, WebSockets, files.</summary>
internal static class StreamRun
{
    /// <summary>
    /// Takes the audio and hands on the updates, each to its end. Whichever fails first ends the other, and is what the caller hears of. When the server begins
    /// to shut down no further audio is taken; what was taken is flushed all the same.
    /// </summary>
    /// <param name="session">The stream; it has ended when this returns.</param>
    /// <param name="takeAudio">Writes the audio into the session to its end; given up, by an <see cref="OperationCanceledException"/>, when its token says so.</param>
    /// <param name="onUpdate">Gets every update.</param>
    /// <param name="stopping">Cancelled when the server begins to shut down.</param>
    /// <param name="cancellationToken">Gives the stream up.</param>
    /// <exception cref="StreamRefusedException">The server is shutting down; what was taken is classified.</exception>
    public static async Task RunAsync(
        this StreamSession session,
        Func<CancellationToken, Task> takeAudio,
        Func<GenreUpdate, Task> onUpdate,
        CancellationToken stopping,
        CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        var taking = TakeAsync();
        try
        {
            await foreach (var update in session.ReadUpdatesAsync(cancellationToken))
            {
                await onUpdate(update);
            }
        }
        catch
        {
            await session.DisposeAsync();
            await ending.CancelAsync();
            await ((Task)taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        if (!await taking)
        {
            throw StreamRefusedException.CutShort();
        }

        // True when the audio came to its end, false when the server cut it short.
        async Task<bool> TakeAsync()
        {
            try
            {
                var whole = true;
                try
                {
                    await takeAudio(ending.Token);
                }
                catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    whole = false;
                }

                await session.CompleteAsync(cancellationToken);
                return whole;
            }
            catch
            {
                // Ends the reading of updates too.
                await session.DisposeAsync();
                throw;
            }
        }
    }
}
