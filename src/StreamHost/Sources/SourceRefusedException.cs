namespace StreamGenre.StreamHost.Sources;

/// <summary>Why a request about a source is refused.</summary>
internal enum SourceRefusal
{
    /// <summary>The request itself is wrong.</summary>
    Invalid,

    /// <summary>The server's settings don't allow it.</summary>
    NotAllowed,

    /// <summary>A source has the id already.</summary>
    IdTaken,

    /// <summary>The server has its maximum of sources.</summary>
    TooManySources,

    /// <summary>No source has the id.</summary>
    UnknownSource,

    /// <summary>The server has no FFmpeg.</summary>
    NoFfmpeg,
}

/// <summary>A request about a source that is refused. The message names the value, the limit and the remedy, for the caller to read.</summary>
internal sealed class SourceRefusedException(SourceRefusal refusal, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public SourceRefusal Refusal { get; } = refusal;
}
