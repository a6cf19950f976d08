using StreamGenre.AudioFiles;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>One measurement: how many clients send what, and for how long.</summary>
internal sealed record LoadTestOptions
{
    /// <summary>Clients, each a Classify call of its own; 1..100,000.</summary>
    public required int Streams { get; init; }

    /// <summary>Wall time that is measured, after all streams are up; 1 s..1 day.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Seconds of audio a second; null for as fast as the server takes it.</summary>
    public double? Speed { get; init; } = 1;

    /// <summary>Audio in a message, in sample frames: 100 ms, ten messages a second, as live senders do.</summary>
    public int ChunkFrames => Format.SampleRateHz / 10;

    /// <summary>The same as a time.</summary>
    public TimeSpan Chunk => TimeSpan.FromSeconds((double)ChunkFrames / Format.SampleRateHz);

    /// <summary>What every stream sends; 22,050 Hz mono in 16 bits.</summary>
    public SourceFormat Format { get; init; } = new(SampleEncoding.S16Le, 22_050, 1);

    /// <summary>Streams that share one HTTP/2 connection; 1: every client has its own, as clients on machines of their own do.</summary>
    public int StreamsPerConnection { get; init; } = 1;

    /// <summary>Whether the streams have ids: then the server keeps their updates for others to read, and their history.</summary>
    public bool Named { get; init; }

    /// <summary>From one window's start to the next's; 1 s.</summary>
    public TimeSpan Hop { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Parts of a long measurement that are told apart: a minute each, or a thirtieth where that is more; null for a measurement of less than two.</summary>
    public TimeSpan? Part => Duration >= TimeSpan.FromMinutes(2) ? TimeSpan.FromMinutes(Math.Max(1, Duration.TotalMinutes / 30)) : null;

    /// <summary>How long updates that are due may keep the measurement waiting at its end; 10 s. What is missing then is lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
