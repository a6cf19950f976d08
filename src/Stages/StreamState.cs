namespace StreamGenre.Stages;

/// <summary>Where a stream stands.</summary>
public enum StreamState
{
    /// <summary>The rolling scores rest on less than a whole smoothing window.</summary>
    WarmingUp,

    /// <summary>The rolling scores rest on a whole smoothing window.</summary>
    Live,

    /// <summary>The window is silent: it has no scores of its own and does not enter the rolling ones.</summary>
    Silent,

    /// <summary>The stream is over; this is its last update.</summary>
    Ended,
}
