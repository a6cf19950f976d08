using StreamGenre.Stages;

namespace StreamGenre.StreamHost.Sessions;

/// <summary>
/// The newest updates of one stream, numbered from 1, with any number of readers at their own pace. Readers hold a position and nothing else:
/// a slow one costs no memory and never slows the writer; what it has not read when the log moves on, it has missed. Thread-safe.
/// </summary>
/// <param name="capacity">Updates kept.</param>
internal sealed class UpdateLog(int capacity)
{
    private readonly Lock _gate = new();
    private readonly GenreUpdate[] _ring = new GenreUpdate[capacity];

    // Made when somebody waits: most streams are followed by nobody but their owner.
    private TaskCompletionSource? _changed;
    private long _last;
    private bool _complete;

    /// <summary>Number of the newest update; 0 when there is none yet.</summary>
    public long LastSequence => Volatile.Read(ref _last);

    /// <summary>Number of the oldest update still held; 0 when there is none yet.</summary>
    public long FirstSequence => LastSequence is var last and > 0 ? Math.Max(1, last - capacity + 1) : 0;

    /// <summary>The newest update; null when there is none yet.</summary>
    public GenreUpdate? Newest
    {
        get
        {
            lock (_gate)
            {
                return _last == 0 ? null : _ring[(_last - 1) % capacity];
            }
        }
    }

    /// <summary>The updates that are held, oldest first.</summary>
    public GenreUpdate[] ToArray()
    {
        lock (_gate)
        {
            var updates = new GenreUpdate[Math.Min(_last, capacity)];
            for (var i = 0; i < updates.Length; i++)
            {
                updates[i] = _ring[(_last - updates.Length + i) % capacity];
            }

            return updates;
        }
    }

    /// <summary>Adds the next update and wakes whoever waits for it.</summary>
    public void Append(GenreUpdate update)
    {
        lock (_gate)
        {
            _ring[_last % capacity] = update;
            _last++;
        }

        Signal();
    }

    /// <summary>Says that no more will come; readers read what is left and end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _complete = true;
        }

        Signal();
    }

    /// <summary>
    /// What a reader at <paramref name="next"/> reads now: the update, its number, or neither and a task that ends at the next change; when the
    /// log is complete and read to its end, none of the three.
    /// </summary>
    /// <param name="next">Number of the update wanted.</param>
    /// <param name="maxLag">How far the reader may be behind the newest before it is moved forward.</param>
    public (GenreUpdate? Update, long Sequence, Task? Changed) Read(long next, int maxLag)
    {
        lock (_gate)
        {
            if (next > _last)
            {
                return (null, 0, _complete ? null : (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
            }

            var sequence = Math.Max(next, _last - Math.Min(capacity, maxLag) + 1);
            return (_ring[(sequence - 1) % capacity], sequence, null);
        }
    }

    private void Signal()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }
}
