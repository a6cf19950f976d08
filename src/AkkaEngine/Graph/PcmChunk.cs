using StreamGenre.Stages;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>
/// Some bytes of a stream on their way to its front end. The bytes stay the writer's: they are read while it waits for <see cref="Taken"/>, and
/// never after it has stopped waiting.
/// </summary>
/// <param name="bytes">The bytes, cut anywhere.</param>
/// <param name="arrival">When they came, in the time provider's timestamps.</param>
/// <param name="isLast">Whether the audio ends with them.</param>
internal sealed class PcmChunk(ReadOnlyMemory<byte> bytes, long arrival, bool isLast)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _abandoned;

    /// <summary>When the bytes came.</summary>
    public long Arrival => arrival;

    /// <summary>Whether the audio ends with them.</summary>
    public bool IsLast => isLast;

    /// <summary>Ends when every window that the bytes complete has a place, or with the reason why the stream is over.</summary>
    public Task Taken => _taken.Task;

    /// <summary>Takes the bytes through the front end; false when the writer waits no longer.</summary>
    public bool TryPush(SessionFrontEnd frontEnd, Queue<MelWindow> windows)
    {
        lock (_gate)
        {
            if (_abandoned)
            {
                return false;
            }

            frontEnd.Push(bytes.Span, windows);
            if (isLast)
            {
                frontEnd.Complete(windows);
            }

            return true;
        }
    }

    /// <summary>Lets the writer go on.</summary>
    public void SetTaken() => _taken.TrySetResult();

    /// <summary>Lets the writer go with the reason why the stream is over; the bytes are not read from here on.</summary>
    public void Abandon(Exception reason)
    {
        lock (_gate)
        {
            _abandoned = true;
        }

        _taken.TrySetException(reason);
    }
}
