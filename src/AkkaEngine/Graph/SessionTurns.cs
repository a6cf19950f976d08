using StreamGenre.Stages.Batching;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>
/// A session as the batches know it: what goes through the MergeHub, once for each of its windows. The batch that meets a turn takes the
/// session's oldest waiting window then, so a window that is dropped leaves its turn to the one that displaced it. Thread-safe: the session's
/// actor adds, the actor of the batches takes.
/// </summary>
internal sealed class SessionTurns : IBatchedStream
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingWindow> _waiting = new();
    private readonly WaitingCount _count;
    private readonly Action<Exception> _fail;
    private volatile Action<PendingWindow>? _scored;
    private volatile bool _isFull;
    private bool _closed;

    /// <summary>Turns of a session that no window waits in yet.</summary>
    /// <param name="count">The windows that wait in all sessions.</param>
    /// <param name="fail">Ends the session with an error.</param>
    public SessionTurns(WaitingCount count, Action<Exception> fail)
    {
        _count = count;
        _fail = fail;
    }

    /// <summary>A turn that leads to no window.</summary>
    public static SessionTurns OfNobody() => new(new WaitingCount(), static _ => { });

    /// <inheritdoc/>
    public bool IsFull
    {
        get => _isFull;
        set => _isFull = value;
    }

    /// <summary>Says where windows go once they have their scores; called from any thread.</summary>
    public void OnScored(Action<PendingWindow> scored) => _scored = scored;

    /// <summary>A window begins to wait.</summary>
    public void Add(PendingWindow window)
    {
        lock (_gate)
        {
            if (_closed)
            {
                window.ReleaseMel();
                return;
            }

            _waiting.Enqueue(window);
            _count.Add(1);
        }
    }

    /// <inheritdoc/>
    public PendingWindow? TakeOldest()
    {
        lock (_gate)
        {
            var window = RemoveFirst();
            if (window is not null)
            {
                window.State = PendingState.Taken;
            }

            return window;
        }
    }

    /// <summary>Gives up the window that has waited longest; null when none waits.</summary>
    public PendingWindow? DropOldest()
    {
        lock (_gate)
        {
            var window = RemoveFirst();
            window?.ReleaseMel();
            return window;
        }
    }

    /// <inheritdoc/>
    public void Complete(PendingWindow window, ReadOnlySpan<float> scores)
    {
        window.Scores = scores.ToArray();
        _scored?.Invoke(window);
    }

    /// <inheritdoc/>
    public void Fail(Exception error) => _fail(error);

    /// <summary>The session is over: nothing waits any more, and nothing is kept of its graph.</summary>
    public void Close()
    {
        _scored = null;
        lock (_gate)
        {
            _closed = true;
            while (RemoveFirst() is { } window)
            {
                window.ReleaseMel();
            }
        }
    }

    private PendingWindow? RemoveFirst()
    {
        if (!_waiting.TryDequeue(out var first))
        {
            return null;
        }

        _count.Add(-1);
        return first;
    }
}
