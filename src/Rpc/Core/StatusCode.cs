namespace Grpc.Core;

/// <summary>What came of a call, by the numbers that go over the wire (grpc/grpc, doc/statuscodes.md).</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, typically by its caller.</summary>
    Cancelled = 1,

    /// <summary>An error that says nothing of its kind, such as an exception that the handler did not catch.</summary>
    Unknown = 2,

    /// <summary>The caller sent something that is wrong whatever state the server is in.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call was done.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What should be made exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known but may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>Some limit is used up: a quota, a message size, memory.</summary>
    ResourceExhausted = 8,

    /// <summary>The server is not in the state that the call needs.</summary>
    FailedPrecondition = 9,

    /// <summary>The call was given up because of a conflict with another.</summary>
    Aborted = 10,

    /// <summary>The call went past a valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server has no such service, method or message encoding.</summary>
    Unimplemented = 12,

    /// <summary>One side broke the protocol or an invariant of its own.</summary>
    Internal = 13,

    /// <summary>The server can't be reached at the moment; a retry may succeed.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or damaged for good.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
