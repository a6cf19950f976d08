using StreamGenre.Stages;

namespace StreamGenre.StreamHost.Sessions;

/// <summary>
/// One subscriber's way through a stream's updates. Until it has caught up for the first time it may be as far behind as the history goes;
/// from then on a lag of more than <c>maxLag</c> moves it forward to the newest, so that what a slow reader sees is never old.
/// For one reader at a time.
/// </summary>
internal sealed class Subscription : IDisposable
{
    private readonly NumberedLog<GenreUpdate> _log;
    private readonly int _maxLag;
    private readonly Action _onDispose;
    private long _next;
    private bool _caughtUp;
    private int _disposed;

    /// <summary>Begins; the reading is lazy.</summary>
    /// <param name="log">The stream's updates.</param>
    /// <param name="next">Number of the first update wanted.</param>
    /// <param name="maxLag">Updates it may be behind once it has caught up.</param>
    /// <param name="onDispose">Called once, when the subscriber is gone.</param>
    public Subscription(NumberedLog<GenreUpdate> log, long next, int maxLag, Action onDispose)
    {
        _log = log;
        _next = next;
        _maxLag = maxLag;
        _onDispose = onDispose;
    }

    /// <summary>The next update and how many were missed just before it; null when the stream is over.</summary>
    public async ValueTask<(GenreUpdate Update, long Missed)?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (update, sequence, changed) = _log.Read(_next, _caughtUp ? _maxLag : int.MaxValue);
            if (update is not null)
            {
                var missed = sequence - _next;
                _next = sequence + 1;
                return (update, missed);
            }

            if (changed is null)
            {
                return null;
            }

            _caughtUp = true;
            await changed.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _onDispose();
        }
    }
}
