using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

internal static partial class RpcLog
{
    [LoggerMessage(1, LogLevel.Error, "The handler of {Method} threw an exception that it should have turned into a status.")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception, string method);

    [LoggerMessage(2, LogLevel.Debug, "{Method} ended with {StatusCode}: {Detail}")]
    public static partial void CallFailed(this ILogger logger, string method, StatusCode statusCode, string detail);

    [LoggerMessage(3, LogLevel.Debug, "{Method} passed its deadline.")]
    public static partial void DeadlinePassed(this ILogger logger, string method);

    [LoggerMessage(4, LogLevel.Debug, "{Method} was cancelled by its client.")]
    public static partial void ClientCancelled(this ILogger logger, string method);
}
