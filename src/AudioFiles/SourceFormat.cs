namespace StreamGenre.AudioFiles;

/// <summary>The form of a source's samples.</summary>
/// <param name="Encoding">Sample encoding.</param>
/// <param name="SampleRateHz">Samples a second and channel, 8000..192000.</param>
/// <param name="Channels">Interleaved channels, 1..8.</param>
public sealed record SourceFormat(SampleEncoding Encoding, int SampleRateHz, int Channels)
{
    /// <summary>Bytes of one sample of every channel.</summary>
    public int FrameBytes => Channels * Encoding switch
    {
        SampleEncoding.S16Le => 2,
        SampleEncoding.F32Le => 4,
        _ => 1,
    };

    /// <summary>Bytes of one second.</summary>
    public int BytesPerSecond => FrameBytes * SampleRateHz;

    /// <summary>How long so many bytes last.</summary>
    public TimeSpan DurationOf(long bytes) => TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
}
