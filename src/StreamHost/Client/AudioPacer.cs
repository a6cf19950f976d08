namespace StreamGenre.StreamHost.Client;

/// <summary>Holds a sender to a speed, counted from its first wait: audio is sent when its last sample would have been heard.</summary>
/// <param name="speed">Seconds of audio a second; null for as fast as it goes.</param>
/// <param name="lead">Audio that may be sent ahead, as radio servers do to fill a new listener's buffer (Icecast's burst on connect).</param>
/// <param name="time">The clock.</param>
internal sealed class AudioPacer(double? speed, TimeSpan lead, TimeProvider time)
{
    private long? _start;

    /// <summary>Waits until so much audio may have been sent.</summary>
    public async ValueTask WaitAsync(TimeSpan sent, CancellationToken cancellationToken)
    {
        if (speed is not { } factor)
        {
            return;
        }

        _start ??= time.GetTimestamp();
        var wait = ((sent - lead) / factor) - time.GetElapsedTime(_start.Value);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
