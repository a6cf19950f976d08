namespace Grpc.Core;

/// <summary>How a message is written.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>At once, and compressed where the call compresses.</summary>
    None = 0,

    /// <summary>The message may wait in the buffer until the next one: fewer, larger packets for a burst.</summary>
    BufferHint = 1,

    /// <summary>The message is not compressed even where the call compresses.</summary>
    NoCompress = 2,
}

/// <summary>Options of one write.</summary>
/// <param name="flags">The flags.</param>
public class WriteOptions(WriteFlags flags = WriteFlags.None)
{
    /// <summary>No flags.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; } = flags;
}
