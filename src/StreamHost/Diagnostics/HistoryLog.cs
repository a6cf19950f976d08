namespace StreamGenre.StreamHost.Diagnostics;

/// <summary>What is logged of the history; no connection string, and no password.</summary>
internal static partial class HistoryLog
{
    [LoggerMessage(300, LogLevel.Information, "History: the database {Place} is reached; {Buffered} row(s) wait for it, {Dropped} were dropped so far")]
    public static partial void Reached(ILogger logger, string place, int buffered, long dropped);

    [LoggerMessage(301, LogLevel.Warning, "History: the database {Place} is away; rows wait in memory, and it is tried again. {Reason}")]
    public static partial void Away(ILogger logger, string place, string reason);

    [LoggerMessage(302, LogLevel.Information, "History: {Rows} row(s) older than {Days:0.##} day(s) deleted")]
    public static partial void Swept(ILogger logger, long rows, double days);

    [LoggerMessage(303, LogLevel.Warning, "History: {Rows} row(s) were not written to {Place} before the end and are lost")]
    public static partial void Lost(ILogger logger, int rows, string place);

    [LoggerMessage(304, LogLevel.Warning, "History: the database {Place} could not be read. {Reason}")]
    public static partial void ReadFailed(ILogger logger, string place, string reason);
}
