namespace StreamGenre.StreamHost.Sessions;

/// <summary>
/// The newest entries of what goes on and on (a stream's updates), numbered from 1, with any number of readers at their own pace. Readers hold a
/// position and nothing else: a slow one costs no memory and never slows the writer; what it has not read when the log moves on, it has missed. Thread-safe.
/// </summary>
/// <typeparam name="T">An entry; immutable, for readers share it.</typeparam>
/// <param name="capacity">Entries kept.</param>
internal sealed class NumberedLog<T>(int capacity)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly T[] _ring = new T[capacity];

    // Made when somebody waits: most logs have no reader but the writer.
    private TaskCompletionSource? _changed;
    private long _last;
    private bool _complete;

    /// <summary>Number of the newest entry; 0 when there is none yet.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Number of the oldest entry still held; 0 when there is none yet.</summary>
    public long First => Last is var last and > 0 ? Math.Max(1, last - capacity + 1) : 0;

    /// <summary>The newest entry; null when there is none yet.</summary>
    public T? Newest
    {
        get
        {
            lock (_gate)
            {
                return _last == 0 ? null : _ring[(_last - 1) % capacity];
            }
        }
    }

    /// <summary>The entries that are held, oldest first.</summary>
    public T[] ToArray()
    {
        lock (_gate)
        {
            var entries = new T[Math.Min(_last, capacity)];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = _ring[(_last - entries.Length + i) % capacity];
            }

            return entries;
        }
    }

    /// <summary>Adds the next entry and wakes whoever waits for it.</summary>
    public void Append(T entry)
    {
        lock (_gate)
        {
            _ring[_last % capacity] = entry;
            _last++;
        }

        Wake();
    }

    /// <summary>Says that no more will come; readers read what is left and end.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _complete = true;
        }

        Wake();
    }

    /// <summary>
    /// What a reader at <paramref name="next"/> reads now: the entry, its number, or neither and a task that ends at the next change (<see cref="Wake"/>); when the
    /// log is complete and read to its end, none of the three.
    /// </summary>
    /// <param name="next">Number of the entry wanted.</param>
    /// <param name="maxLag">How far the reader may be behind the newest before it is moved forward; as far as entries are held where left out.</param>
    public (T? Entry, long Number, Task? Changed) Read(long next, int maxLag = int.MaxValue)
    {
        lock (_gate)
        {
            if (next > _last)
            {
                return (null, 0, _complete ? null : (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
            }

            var number = Math.Max(next, _last - Math.Min(capacity, maxLag) + 1);
            return (_ring[(number - 1) % capacity], number, null);
        }
    }

    /// <summary>Lets all who wait look again.</summary>
    public void Wake()
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
