namespace StreamGenre.StreamHost.Sources;

/// <summary>Holds a sender to a speed, counted from its first wait: never faster, and after a stall it catches up.</summary>
/// <param name="speed">Seconds of audio a second; null for as fast as it goes.</param>
/// <param name="time">The clock.</param>
internal sealed class AudioPacer(double? speed, TimeProvider time)
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
        var wait = (sent / factor) - time.GetElapsedTime(_start.Value);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
