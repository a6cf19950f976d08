namespace StreamGenre.StreamHost.Diagnostics;

/// <summary>What is logged of sources: changes, and no retries.</summary>
internal static partial class SourceLog
{
    [LoggerMessage(300, LogLevel.Information, "Source {SourceId} added: {Url}")]
    public static partial void Added(ILogger logger, string sourceId, string url);

    [LoggerMessage(301, LogLevel.Information, "Source {SourceId} is live")]
    public static partial void Live(ILogger logger, string sourceId);

    [LoggerMessage(302, LogLevel.Warning, "Source {SourceId} is silent: nothing but digital silence for {Seconds:0.###} s")]
    public static partial void Silent(ILogger logger, string sourceId, double seconds);

    [LoggerMessage(303, LogLevel.Warning, "Source {SourceId} is stalled: its connection is open, but no audio came for {Seconds:0.###} s")]
    public static partial void Stalled(ILogger logger, string sourceId, double seconds);

    [LoggerMessage(304, LogLevel.Warning, "Source {SourceId} is lost ({Error}); it is tried again until it is back")]
    public static partial void Lost(ILogger logger, string sourceId, string error);

    [LoggerMessage(305, LogLevel.Error, "Source {SourceId} failed {Failures} times in a row ({Error}); it is tried seldom from now on")]
    public static partial void Failed(ILogger logger, string sourceId, int failures, string error);

    [LoggerMessage(306, LogLevel.Error, "Source {SourceId} broke")]
    public static partial void Broken(ILogger logger, string sourceId, Exception error);

    [LoggerMessage(307, LogLevel.Information, "Source {SourceId} removed")]
    public static partial void Removed(ILogger logger, string sourceId);

    [LoggerMessage(308, LogLevel.Error, "Source {SourceId} can't be listened to: {Error}")]
    public static partial void Refused(ILogger logger, string sourceId, string error);
}
