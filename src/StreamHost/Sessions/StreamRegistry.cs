using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.History;

namespace StreamGenre.StreamHost.Sessions;

/// <summary>The streams that a server holds: those that are live, and those that ended a short while ago. Thread-safe.</summary>
internal sealed class StreamRegistry : IDisposable
{
    private readonly IGenreEngine _engine;
    private readonly StreamSessionOptions _options;
    private readonly StreamMetrics _metrics;
    private readonly StreamHistory _history;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamRegistry> _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StreamSession> _named = new(StringComparer.Ordinal);
    private readonly Queue<(StreamSession Session, long EndedAt)> _ended = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;
    private bool _isDraining;

    public StreamRegistry(IGenreEngine engine, StreamSessionOptions options, StreamMetrics metrics, StreamHistory history, TimeProvider time, ILogger<StreamRegistry> log)
    {
        _engine = engine;
        _options = options;
        _metrics = metrics;
        _history = history;
        _time = time;
        _log = log;
    }

    /// <summary>Cancelled when the server begins to shut down: owners stop reading audio, flush, and end.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>
    /// Opens a stream. A named one can be found and followed by its id; one that is not is its owner's alone. The id of an ended stream may be
    /// taken again: a new stream begins, and its sequence numbers with it.
    /// </summary>
    /// <param name="settings">The stream's id, its audio's format and its settings.</param>
    /// <param name="named">Whether others can find it.</param>
    /// <param name="name">What people call it; empty for its id.</param>
    /// <exception cref="StreamRefusedException">The id is in use, the server is full or shutting down.</exception>
    /// <exception cref="StreamOptionsException">The settings are out of range.</exception>
    public StreamSession Open(GenreStreamOptions settings, bool named, string name = "")
    {
        StreamSession session;
        lock (_gate)
        {
            if (_isDraining)
            {
                throw new StreamRefusedException(StreamRefusal.ShuttingDown, "The server is shutting down; connect again later or elsewhere.");
            }

            if (named && _named.TryGetValue(settings.StreamId, out var holder) && !holder.IsEnded)
            {
                throw new StreamRefusedException(
                    StreamRefusal.IdTaken, $"Stream id '{settings.StreamId}' is in use by another sender; choose another id or wait for that stream to end.");
            }

            if (_open >= _options.MaxStreams)
            {
                throw new StreamRefusedException(
                    StreamRefusal.TooManyStreams,
                    $"The server holds its maximum of {_options.MaxStreams} streams; try again later, or raise Sessions:MaxStreams (--max-streams).");
            }

            // What nobody can find has no history either.
            var recorder = named ? _history.Open(settings.StreamId, _engine.Contract.Labels) : null;
            session = new StreamSession(_engine.Open(settings), named, _engine.Contract, _options, _metrics, _time, recorder, OnEnded) { Name = name };
            _open++;
            if (named)
            {
                _named[settings.StreamId] = session;
            }
        }

        StreamLog.Opened(_log, session.Id, settings.Format.Encoding, settings.Format.SampleRateHz, settings.Format.Channels);
        return session;
    }

    /// <summary>The named stream of that id, live or ended a short while ago.</summary>
    /// <exception cref="StreamRefusedException">There is none.</exception>
    public StreamSession Find(string id) => TryFind(id) ?? throw new StreamRefusedException(
        StreamRefusal.UnknownStream, $"No stream has the id '{id}'.");

    /// <summary>The named stream of that id, live or ended a short while ago; null when there is none.</summary>
    public StreamSession? TryFind(string id)
    {
        lock (_gate)
        {
            Forget();
            return _named.GetValueOrDefault(id);
        }
    }

    /// <summary>The named streams, by id.</summary>
    public IReadOnlyList<StreamSession> List()
    {
        lock (_gate)
        {
            Forget();
            return [.. _named.Values.OrderBy(session => session.Id, StringComparer.Ordinal)];
        }
    }

    /// <summary>Refuses new streams, asks the open ones to end, and waits until they have; tells whether there were any.</summary>
    public async Task<bool> DrainAsync()
    {
        bool any;
        lock (_gate)
        {
            _isDraining = true;
            any = _open > 0;
            StreamLog.Draining(_log, _open);
            if (!any)
            {
                _drained.TrySetResult();
            }
        }

        await _stopping.CancelAsync();
        await _drained.Task;
        return any;
    }

    public void Dispose() => _stopping.Dispose();

    private void OnEnded(StreamSession session)
    {
        lock (_gate)
        {
            _open--;
            _ended.Enqueue((session, _time.GetTimestamp()));
            Forget();
            if (_open == 0 && _isDraining)
            {
                _drained.TrySetResult();
            }
        }

        StreamLog.Ended(_log, session.Id, session.AudioTime.TotalSeconds, session.Log.Last, session.DroppedWindows);
    }

    // Bounded by time and by number: whoever opens and ends streams in a loop can't fill the memory.
    private void Forget()
    {
        while (_ended.TryPeek(out var oldest)
            && (_ended.Count > _options.MaxStreams || _time.GetElapsedTime(oldest.EndedAt) > _options.EndedRetention))
        {
            _ended.Dequeue();
            if (_named.TryGetValue(oldest.Session.Id, out var holder) && holder == oldest.Session)
            {
                _named.Remove(oldest.Session.Id);
            }
        }
    }
}
