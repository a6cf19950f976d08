using Grpc.Core;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>Errors of streams, as gRPC statuses.</summary>
internal static class RpcErrors
{
    /// <summary>The status of an error that a caller can do something about; null for one that is the server's own.</summary>
    public static Status? Translate(Exception error) => error switch
    {
        StreamRefusedException refused => new Status(CodeOf(refused.Refusal), refused.Message),
        StreamOptionsException or IncompleteSampleException => new Status(StatusCode.InvalidArgument, error.Message),
        ObjectDisposedException => new Status(StatusCode.Unavailable, "The server is shutting down; connect again later or elsewhere."),
        ClassificationException => new Status(StatusCode.Internal, error.Message),
        _ => null,
    };

    /// <summary>INVALID_ARGUMENT.</summary>
    public static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));

    private static StatusCode CodeOf(StreamRefusal refusal) => refusal switch
    {
        StreamRefusal.Invalid => StatusCode.InvalidArgument,
        StreamRefusal.IdTaken => StatusCode.AlreadyExists,
        StreamRefusal.TooManyStreams => StatusCode.ResourceExhausted,
        StreamRefusal.UnknownStream => StatusCode.NotFound,
        StreamRefusal.NotReachedYet => StatusCode.OutOfRange,
        _ => StatusCode.Unavailable,
    };
}
