using System.Runtime.ExceptionServices;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Batching;

/// <summary>
/// One stream's windows between its front end and its updates, in the order of the audio. Lanes may finish them in any order; they leave in
/// order. Every window holds one of <c>capacity</c> places from <see cref="SendAsync"/> until <see cref="ReleasePlace"/> says that the
/// update made of it was read, which bounds what a stream holds and carries a slow reader's back-pressure to the writer.
/// </summary>
/// <remarks>
/// What queues at the batcher is the line, once for each of its waiting windows, not the window: a lane that meets the line takes its oldest
/// waiting window then. So a window that is dropped leaves its turn to the one that displaced it, even when the batcher's queue is full.
/// </remarks>
internal sealed class WindowLine : IBatchedStream, IDisposable
{
    private readonly Lock _gate = new();
    private readonly PendingWindows _windows = new();
    private readonly SemaphoreSlim _places;
    private readonly WindowBatcher _batcher;
    private readonly IWindowSink _sink;
    private readonly OverloadPolicy _overload;
    private Exception? _error;
    private bool _ending;
    private bool _closed;
    private bool _disposed;
    private long _dropped;

    /// <summary>A line of at most <paramref name="capacity"/> windows, served by <paramref name="batcher"/>.</summary>
    public WindowLine(WindowBatcher batcher, IWindowSink sink, OverloadPolicy overload, int capacity)
    {
        _batcher = batcher;
        _sink = sink;
        _overload = overload;
        _places = new SemaphoreSlim(capacity);
    }

    /// <summary>Windows dropped so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Turns that it has at the batcher; the <see cref="TurnQueue"/>'s alone to read and write.</summary>
    public int Turns { get; set; }

    /// <inheritdoc/>
    public bool IsFull => _places.CurrentCount == 0;

    /// <summary>
    /// Sends a window to the model, or straight to its turn when it is silent. Owns the window from here. Under
    /// <see cref="OverloadPolicy.Block"/> it waits for a place and for room in the batcher's queue; under
    /// <see cref="OverloadPolicy.DropOldest"/> it never waits. One call at a time.
    /// </summary>
    public async ValueTask SendAsync(MelWindow mel, bool silent, CancellationToken cancellationToken)
    {
        try
        {
            if (_overload == OverloadPolicy.Block)
            {
                await _places.WaitAsync(cancellationToken);
                Append(mel, silent);
                if (!silent)
                {
                    await _batcher.EnqueueAsync(this, cancellationToken);
                }
            }
            else if (!_places.Wait(0, CancellationToken.None))
            {
                // No place is free: take over that of the oldest waiting window, its turn at the batcher included.
                TakeOverPlace(mel, silent);
            }
            else
            {
                Append(mel, silent);
                if (!silent && !_batcher.TryEnqueue(this))
                {
                    // The batcher's queue is full: there is one turn too few for the waiting windows, so the oldest of them goes.
                    DropOldest();
                }
            }
        }
        catch (Exception error)
        {
            // Part of the audio is lost, a cancelled wait included: what followed would not be the same stream.
            Fail(error);
            throw;
        }
    }

    /// <summary>No window follows; when those in flight are done the sink hears the end.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ending = true;
            Drain();
        }
    }

    /// <inheritdoc/>
    public PendingWindow? TakeOldest()
    {
        lock (_gate)
        {
            var window = _windows.OldestWaiting;
            if (window is not null)
            {
                window.State = PendingState.Taken;
            }

            return window;
        }
    }

    /// <inheritdoc/>
    public void Complete(PendingWindow window, ReadOnlySpan<float> scores)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            window.Scores = scores.ToArray();
            window.State = PendingState.Done;
            Drain();
        }
    }

    /// <inheritdoc/>
    /// <remarks>Windows in flight are let go, the sink hears why, and so does whoever waits in <see cref="SendAsync"/>.</remarks>
    public void Fail(Exception error)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _error = error;
            CloseLocked();
            _sink.OnFailed(error);
        }
    }

    /// <summary>The reader has taken the update of one window: another may come in.</summary>
    public void ReleasePlace()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _places.Release();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            CloseLocked();
            if (!_disposed)
            {
                _disposed = true;
                _places.Dispose();
            }
        }
    }

    private void Append(MelWindow mel, bool silent)
    {
        lock (_gate)
        {
            ThrowIfClosed(mel);
            AppendLocked(mel, silent);
        }
    }

    private void AppendLocked(MelWindow mel, bool silent)
    {
        var window = _windows.Append(mel);
        if (silent)
        {
            window.ReleaseMel();
            window.State = PendingState.Done;
            Drain();
        }
    }

    private void TakeOverPlace(MelWindow mel, bool silent)
    {
        lock (_gate)
        {
            ThrowIfClosed(mel);
            CountDrop();
            if (silent || _windows.OldestWaiting is not { } oldest)
            {
                // Everything before it is with a lane or unread, or its turn would be one too many: the newest is the one to go.
                mel.Dispose();
                return;
            }

            _windows.Remove(oldest);
            AppendLocked(mel, silent: false);
            Drain();
        }
    }

    private void DropOldest()
    {
        lock (_gate)
        {
            if (_windows.OldestWaiting is not { } oldest)
            {
                return; // Closed in between.
            }

            CountDrop();
            _windows.Remove(oldest);
            _places.Release();
            Drain();
        }
    }

    private void CountDrop()
    {
        Interlocked.Increment(ref _dropped);
        _batcher.Counters.AddDropped();
    }

    private void Drain()
    {
        while (!_closed && _windows.FirstIfDone is { } window)
        {
            _sink.OnDone(window);
            _windows.Remove(window);
        }

        if (_ending && !_closed && _windows.IsEmpty)
        {
            _closed = true;
            _sink.OnEnd();
        }
    }

    private void CloseLocked()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _windows.Clear();

        // Whoever waits for a place finds the line closed.
        _places.Release();
    }

    private void ThrowIfClosed(MelWindow mel)
    {
        if (!_closed)
        {
            return;
        }

        mel.Dispose();
        if (_error is not null)
        {
            ExceptionDispatchInfo.Throw(_error);
        }

        throw new ObjectDisposedException(nameof(IGenreStream), "The stream has ended or was disposed of.");
    }
}
