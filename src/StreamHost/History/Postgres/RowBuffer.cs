namespace StreamGenre.StreamHost.History.Postgres;

/// <summary>
/// Rows that wait for the database. Adding never waits: beyond the capacity the oldest rows are dropped and counted, so that what is kept of an outage is its end. A
/// batch that was taken counts until it is said to be written. Thread-safe; one reader.
/// </summary>
/// <param name="capacity">Most rows.</param>
internal sealed class RowBuffer(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<HistoryRow> _rows = new();
    private TaskCompletionSource? _added;
    private List<HistoryRow> _taken = [];
    private long _dropped;

    /// <summary>Rows that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _rows.Count + _taken.Count;
            }
        }
    }

    /// <summary>Rows dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds a row.</summary>
    public void Add(HistoryRow row)
    {
        TaskCompletionSource? added;
        lock (_gate)
        {
            if (_rows.Count + _taken.Count == capacity)
            {
                Interlocked.Increment(ref _dropped);

                // A batch is on its way and can't be taken back: the whole buffer can be one, then it is the new row that finds no place.
                if (!_rows.TryDequeue(out _))
                {
                    return;
                }
            }

            _rows.Enqueue(row);
            (added, _added) = (_added, null);
        }

        added?.TrySetResult();
    }

    /// <summary>Waits until there are rows.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _rows.Count + _taken.Count > 0
                ? Task.CompletedTask
                : (_added ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The oldest rows, at most <paramref name="most"/>: the same ones each time until <see cref="Written"/> is called.</summary>
    public IReadOnlyList<HistoryRow> Take(int most)
    {
        lock (_gate)
        {
            while (_taken.Count < most && _rows.TryDequeue(out var row))
            {
                _taken.Add(row);
            }

            return _taken;
        }
    }

    /// <summary>Says that the rows taken are in the database.</summary>
    public void Written()
    {
        lock (_gate)
        {
            _taken = [];
        }
    }
}
