using StreamGenre.V1;

namespace StreamGenre.StreamHost.Sources;

/// <summary>How a source's PCM goes over the wire.</summary>
/// <param name="Encoding">Sample encoding.</param>
/// <param name="SampleRateHz">Samples a second and channel.</param>
/// <param name="Channels">Interleaved channels.</param>
internal sealed record SourceFormat(AudioEncoding Encoding, int SampleRateHz, int Channels)
{
    /// <summary>Bytes of one sample of every channel.</summary>
    public int FrameBytes => Channels * Encoding switch
    {
        AudioEncoding.PcmS16Le => 2,
        AudioEncoding.PcmF32Le => 4,
        _ => 1,
    };

    /// <summary>Bytes of one second.</summary>
    public int BytesPerSecond => FrameBytes * SampleRateHz;

    /// <summary>How long so many bytes last.</summary>
    public TimeSpan DurationOf(long bytes) => TimeSpan.FromSeconds((double)bytes / BytesPerSecond);
}
