using StreamGenre.Stages;
using StreamGenre.Stages.Batching;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;

namespace StreamGenre.AkkaEngine.Graph;

/// <summary>Windows of several sessions that go through the model together, and whose each is.</summary>
internal sealed class GatheredBatch(ModelContract contract, int maxWindows, Action<GatheredBatch> delivered) : IDisposable
{
    private readonly List<(SessionTurns Session, PendingWindow Window)> _members = new(maxWindows);

    /// <summary>The model's input and, once it was classified, its scores.</summary>
    public MelBatch Mel { get; } = new(contract, maxWindows);

    /// <summary>Why it could not be classified; null when it was.</summary>
    public Exception? Error { get; set; }

    /// <summary>Windows in it.</summary>
    public int Count => _members.Count;

    /// <summary>Whether no further window fits.</summary>
    public bool IsFull => Mel.IsFull;

    /// <summary>When its first window's last byte came, in the time provider's timestamps.</summary>
    public long FirstArrival => _members[0].Window.ArrivalTimestamp;

    /// <summary>Whether one of its sessions can only go on once the batch is done.</summary>
    public bool HoldsUpASession => _members.Exists(member => member.Session.IsFull);

    /// <summary>Takes the oldest waiting window of a session; nothing when the session is over.</summary>
    public void Take(SessionTurns session)
    {
        if (session.TryTake() is not { } window)
        {
            return;
        }

        try
        {
            Mel.Add(window.Mel!);
            _members.Add((session, window));
        }
        catch (Exception error)
        {
            session.Fail(error);
        }
        finally
        {
            window.ReleaseMel();
        }
    }

    /// <summary>Gives every session what is its own: scores, or the reason why there are none. The batch is empty afterwards and used again.</summary>
    public void Deliver()
    {
        for (var i = 0; i < _members.Count; i++)
        {
            var (session, window) = _members[i];
            if (Error is null)
            {
                session.Deliver(window, Mel.Scores(i));
            }
            else
            {
                // The windows' sessions end here, each with the reason; all others go on.
                session.Fail(ClassificationException.Of(window.Start, Error));
            }
        }

        _members.Clear();
        Mel.Clear();
        Error = null;
        delivered(this);
    }

    /// <inheritdoc/>
    public void Dispose() => Mel.Dispose();
}
