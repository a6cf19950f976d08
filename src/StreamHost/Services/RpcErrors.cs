using Grpc.Core;
using StreamGenre.Stages;
using StreamGenre.StreamHost.Diagnostics;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Services;

/// <summary>Errors of streams, as gRPC statuses.</summary>
internal static class RpcErrors
{
    /// <summary>The status of an error that a caller can do something about; null for one that is the server's own.</summary>
    public static Status? Translate(Exception error) => error switch
    {
        StreamRefusedException { Refusal: StreamRefusal.UnknownStream } => new Status(StatusCode.NotFound, $"{error.Message} ListStreams (the command 'streams') shows those there are."),
        StreamRefusedException refused => new Status(CodeOf(refused.Refusal), refused.Message),
        SourceRefusedException { Refusal: SourceRefusal.UnknownSource } => new Status(StatusCode.NotFound, $"{error.Message} ListSources (the command 'sources') shows those there are."),
        SourceRefusedException source => new Status(CodeOf(source.Refusal), source.Message),
        StreamOptionsException or IncompleteSampleException => new Status(StatusCode.InvalidArgument, error.Message),
        ObjectDisposedException => new Status(StatusCode.Unavailable, "The server is shutting down; connect again later or elsewhere."),
        ClassificationException => new Status(StatusCode.Internal, error.Message),
        _ => null,
    };

    /// <summary>INVALID_ARGUMENT.</summary>
    public static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));

    /// <summary>Runs a call; what it throws becomes a status.</summary>
    /// <param name="call">The call.</param>
    /// <param name="log">Told of failures that are the server's own; null where a call can have none.</param>
    public static async Task<T> TranslatedAsync<T>(Func<Task<T>> call, ILogger? log = null)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is not RpcException && Translate(e) is { } status)
        {
            if (log is not null && status.StatusCode == StatusCode.Internal)
            {
                StreamLog.Failed(log, e);
            }

            throw new RpcException(status);
        }
    }

    private static StatusCode CodeOf(SourceRefusal refusal) => refusal switch
    {
        SourceRefusal.Invalid => StatusCode.InvalidArgument,
        SourceRefusal.NotAllowed => StatusCode.PermissionDenied,
        SourceRefusal.IdTaken => StatusCode.AlreadyExists,
        SourceRefusal.TooManySources => StatusCode.ResourceExhausted,
        _ => StatusCode.FailedPrecondition,
    };

    private static StatusCode CodeOf(StreamRefusal refusal) => refusal switch
    {
        StreamRefusal.Invalid => StatusCode.InvalidArgument,
        StreamRefusal.IdTaken => StatusCode.AlreadyExists,
        StreamRefusal.TooManyStreams => StatusCode.ResourceExhausted,
        StreamRefusal.NotReachedYet => StatusCode.OutOfRange,
        _ => StatusCode.Unavailable,
    };
}
