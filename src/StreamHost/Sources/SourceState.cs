namespace StreamGenre.StreamHost.Sources;

/// <summary>Where a source stands.</summary>
internal enum SourceState
{
    /// <summary>FFmpeg has been started, and no audio has come yet.</summary>
    Connecting,

    /// <summary>Audio comes, and it is not silent.</summary>
    Live,

    /// <summary>Audio comes, but it has been digital silence for <see cref="SupervisionOptions.SilentAfter"/>.</summary>
    Silent,

    /// <summary>The connection is open, but nothing has come for <see cref="SupervisionOptions.StalledAfter"/>.</summary>
    Stalled,

    /// <summary>The connection failed or ended; the next try is a matter of seconds or minutes.</summary>
    BackingOff,

    /// <summary>It failed again and again; it is tried seldom from now on.</summary>
    Failed,
}
