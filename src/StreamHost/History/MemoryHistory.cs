namespace StreamGenre.StreamHost.History;

/// <summary>The newest rows of all streams, within a bound of memory and of age; the oldest go first, whosever they are. Thread-safe.</summary>
/// <param name="maxBytes">Bound, by estimate of what the rows take.</param>
/// <param name="retention">How old a row may become.</param>
internal sealed class MemoryHistory(long maxBytes, TimeSpan retention)
{
    // Objects of .NET on 64 bits: the record, its strings' references, and the queues' places; the arrays' headers.
    private const int ChangeBytes = 192;
    private const int MinuteBytes = 240;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StreamRows> _streams = new(StringComparer.Ordinal);

    // All rows in the order of their coming, which is also the order within each stream's own queues.
    private readonly Queue<(StreamRows Stream, bool IsChange)> _order = new();
    private long _bytes;

    /// <summary>Rows held.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _order.Count;
            }
        }
    }

    /// <summary>Adds a change.</summary>
    public void Add(GenreChange change)
    {
        lock (_gate)
        {
            var stream = StreamOf(change.StreamId);
            stream.Changes.Enqueue(change);
            _order.Enqueue((stream, true));
            _bytes += ChangeBytes;
            Evict(change.Time - retention);
        }
    }

    /// <summary>Adds a minute.</summary>
    public void Add(MinuteSummary minute)
    {
        lock (_gate)
        {
            var stream = StreamOf(minute.StreamId);
            stream.Minutes.Enqueue(minute);
            _order.Enqueue((stream, false));
            _bytes += BytesOf(minute);
            Evict(minute.Start - retention);
        }
    }

    /// <summary>What it holds of what is asked.</summary>
    public HistoryRows Read(HistoryQuery query)
    {
        lock (_gate)
        {
            return _streams.TryGetValue(query.StreamId, out var stream)
                ? new HistoryRows(
                    [.. stream.Changes.Where(change => query.Wants(change.Time, change.Instance))],
                    [.. stream.Minutes.Where(minute => query.Wants(minute.Start, minute.Instance))])
                : new HistoryRows([], []);
        }
    }

    private static int BytesOf(MinuteSummary minute) => MinuteBytes + (8 * minute.Labels.Count);

    private StreamRows StreamOf(string id) =>
        _streams.TryGetValue(id, out var stream) ? stream : _streams[id] = new StreamRows(id);

    private void Evict(DateTimeOffset oldest)
    {
        while (_order.TryPeek(out var first) && (_bytes > maxBytes || TimeOf(first.Stream, first.IsChange) < oldest))
        {
            _order.Dequeue();
            if (first.IsChange)
            {
                first.Stream.Changes.Dequeue();
                _bytes -= ChangeBytes;
            }
            else
            {
                _bytes -= BytesOf(first.Stream.Minutes.Dequeue());
            }

            if (first.Stream.IsEmpty)
            {
                _streams.Remove(first.Stream.Id);
            }
        }
    }

    private static DateTimeOffset TimeOf(StreamRows stream, bool isChange) => isChange ? stream.Changes.Peek().Time : stream.Minutes.Peek().Start;

    private sealed class StreamRows(string id)
    {
        public string Id { get; } = id;

        public Queue<GenreChange> Changes { get; } = new();

        public Queue<MinuteSummary> Minutes { get; } = new();

        public bool IsEmpty => Changes.Count == 0 && Minutes.Count == 0;
    }
}
