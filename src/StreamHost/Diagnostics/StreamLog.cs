using StreamGenre.Stages.Audio;

namespace StreamGenre.StreamHost.Diagnostics;

/// <summary>What is logged of streams.</summary>
internal static partial class StreamLog
{
    [LoggerMessage(100, LogLevel.Information, "Stream {StreamId} opened: {Encoding}, {SampleRateHz} Hz, {Channels} channel(s)")]
    public static partial void Opened(ILogger logger, string streamId, PcmEncoding encoding, int sampleRateHz, int channels);

    [LoggerMessage(101, LogLevel.Information, "Stream {StreamId} ended after {AudioSeconds:0.0} s of audio, {Updates} update(s), {DroppedWindows} window(s) dropped")]
    public static partial void Ended(ILogger logger, string streamId, double audioSeconds, long updates, long droppedWindows);

    [LoggerMessage(102, LogLevel.Warning, "A stream failed")]
    public static partial void Failed(ILogger logger, Exception error);

    [LoggerMessage(103, LogLevel.Information, "Shutting down: {OpenStreams} open stream(s) are flushed and ended")]
    public static partial void Draining(ILogger logger, int openStreams);
}
