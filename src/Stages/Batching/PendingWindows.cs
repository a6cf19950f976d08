using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Batching;

/// <summary>A stream's windows in flight, in the order of the audio; used ones are kept for the next. Not thread-safe: the line's lock is around every call.</summary>
internal sealed class PendingWindows
{
    private readonly List<PendingWindow> _windows = [];
    private readonly Stack<PendingWindow> _spare = [];

    /// <summary>Whether none is in flight.</summary>
    public bool IsEmpty => _windows.Count == 0;

    /// <summary>The first of all, if it is done; null while an earlier one is not.</summary>
    public PendingWindow? FirstIfDone => _windows is [{ State: PendingState.Done } first, ..] ? first : null;

    /// <summary>The first that no lane has taken; null when there is none.</summary>
    public PendingWindow? OldestWaiting => _windows.Find(static window => window.State == PendingState.Waiting);

    /// <summary>Puts a window behind all others; it waits.</summary>
    public PendingWindow Append(MelWindow mel)
    {
        var window = _spare.TryPop(out var spare) ? spare : new PendingWindow();
        window.Begin(mel);
        _windows.Add(window);
        return window;
    }

    /// <summary>Lets a window go, whose object serves the next.</summary>
    public void Remove(PendingWindow window)
    {
        _windows.Remove(window);
        window.ReleaseMel();
        _spare.Push(window);
    }

    /// <summary>Lets all windows go. What a lane has taken it reads without the lock, and lets go itself.</summary>
    public void Clear()
    {
        foreach (var window in _windows)
        {
            if (window.State != PendingState.Taken)
            {
                window.ReleaseMel();
            }
        }

        _windows.Clear();
    }
}
