namespace StreamGenre.StreamHost.Sessions;

/// <summary>Why a request about a stream is refused.</summary>
internal enum StreamRefusal
{
    /// <summary>The request itself is wrong, whatever the server's state.</summary>
    Invalid,

    /// <summary>Somebody else is sending under the stream id.</summary>
    IdTaken,

    /// <summary>The server holds its maximum of streams.</summary>
    TooManyStreams,

    /// <summary>No stream has the id.</summary>
    UnknownStream,

    /// <summary>The sequence number is beyond the stream's newest update.</summary>
    NotReachedYet,

    /// <summary>The server takes no new streams because it is shutting down.</summary>
    ShuttingDown,
}

/// <summary>A request about a stream that is refused. The message names the value, the limit and the remedy, for the caller to read.</summary>
internal sealed class StreamRefusedException(StreamRefusal refusal, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public StreamRefusal Refusal { get; } = refusal;

    /// <summary>For the sender of a stream that the server ended because it is shutting down.</summary>
    public static StreamRefusedException CutShort() => new(
        StreamRefusal.ShuttingDown, "The server is shutting down; the audio it had taken is classified. Connect again later or elsewhere.");
}
