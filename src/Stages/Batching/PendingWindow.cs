using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Batching;

/// <summary>How far a window in flight has come.</summary>
internal enum PendingState
{
    /// <summary>No lane has taken it; it may still be dropped.</summary>
    Waiting,

    /// <summary>A lane has it.</summary>
    Taken,

    /// <summary>It has its scores, or needs none.</summary>
    Done,
}

/// <summary>One window between a stream's front end and its update. Belongs to its <see cref="WindowLine"/>, which uses it again.</summary>
internal sealed class PendingWindow
{
    /// <summary>How far it has come; changed only under the line's lock.</summary>
    public PendingState State { get; set; }

    /// <summary>The mel patches, from here to the batch: whoever copies or drops them disposes of them and sets this to null.</summary>
    public MelWindow? Mel { get; set; }

    /// <summary>The model's scores, <c>[labels]</c>, made for this window alone because the update hands them on; null for a silent window.</summary>
    public float[]? Scores { get; set; }

    /// <summary>Audio time at which the window begins.</summary>
    public TimeSpan Start { get; private set; }

    /// <summary>Audio time at which the window ends.</summary>
    public TimeSpan End { get; private set; }

    /// <summary>When the window's last byte came, in the time provider's timestamps.</summary>
    public long ArrivalTimestamp { get; private set; }

    /// <summary>Takes up a new window.</summary>
    public void Begin(MelWindow mel)
    {
        State = PendingState.Waiting;
        Mel = mel;
        Scores = null;
        Start = mel.Start;
        End = mel.End;
        ArrivalTimestamp = mel.ArrivalTimestamp;
    }

    /// <summary>Gives the patches back to their pool.</summary>
    public void ReleaseMel()
    {
        Mel?.Dispose();
        Mel = null;
    }
}
