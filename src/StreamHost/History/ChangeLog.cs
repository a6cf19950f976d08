namespace StreamGenre.StreamHost.History;

/// <summary>
/// The newest changes of all the server's named streams, numbered from 1, with any number of readers at their own pace. Thread-safe.
/// </summary>
internal sealed class ChangeLog
{
    /// <summary>Changes kept: with 1000 streams that change every three minutes, 12 minutes for a watcher to come back in; 1 MB at most.</summary>
    public const int Capacity = 4096;

    private readonly Lock _gate = new();
    private readonly GenreChange[] _ring = new GenreChange[Capacity];

    // Made when somebody waits.
    private TaskCompletionSource? _news;
    private long _last;

    /// <summary>Number of the newest change; 0 when there is none yet.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Adds a change.</summary>
    public void Append(GenreChange change)
    {
        lock (_gate)
        {
            _ring[_last % Capacity] = change;
            _last++;
        }

        Wake();
    }

    /// <summary>Lets all who wait look again: a change has come, or a stream has ended.</summary>
    public void Wake()
    {
        TaskCompletionSource? news;
        lock (_gate)
        {
            (news, _news) = (_news, null);
        }

        news?.TrySetResult();
    }

    /// <summary>
    /// The change of that number, or the oldest one held where that is newer; or, when it is yet to come, a task that ends with the next <see cref="Wake"/>.
    /// </summary>
    public (GenreChange? Change, long Number, Task? News) Read(long number)
    {
        lock (_gate)
        {
            if (number > _last)
            {
                return (null, number, (_news ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
            }

            var held = Math.Max(number, _last - Capacity + 1);
            return (_ring[(held - 1) % Capacity], held, null);
        }
    }
}
