using System.Diagnostics.CodeAnalysis;

namespace StreamGenre.Stages.Batching;

/// <summary>
/// Whose turn it is at the lanes. A line has as many turns as it queued windows, but lines take turns with each other: one that sends a file as fast
/// as it goes has a single window before anybody else's next, however many it has queued. Bounded by whoever adds; thread-safe.
/// </summary>
internal sealed class TurnQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<WindowLine> _lines = new();
    private int _turns;
    private bool _isClosed;

    /// <summary>Turns of all lines.</summary>
    public int Count => Volatile.Read(ref _turns);

    /// <summary>Gives a line another turn, behind all others when it has none yet; false when the queue is closed.</summary>
    public bool TryAdd(WindowLine line)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _turns++;
            if (line.Turns++ == 0)
            {
                _lines.Enqueue(line);
            }

            return true;
        }
    }

    /// <summary>The line whose turn it is; it goes behind all others for the rest of its turns.</summary>
    public bool TryTake([NotNullWhen(true)] out WindowLine? line)
    {
        lock (_gate)
        {
            if (!_lines.TryDequeue(out line))
            {
                return false;
            }

            _turns--;
            if (--line.Turns > 0)
            {
                _lines.Enqueue(line);
            }

            return true;
        }
    }

    /// <summary>Takes no further turns; those that it has can be taken. False when it was closed already.</summary>
    public bool Close()
    {
        lock (_gate)
        {
            return !_isClosed && (_isClosed = true);
        }
    }
}
