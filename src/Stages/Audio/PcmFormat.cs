namespace StreamGenre.Stages.Audio;

/// <summary>The form of a stream's raw audio.</summary>
/// <param name="Encoding">How one sample is written.</param>
/// <param name="SampleRateHz">Frames a second; 8,000..192,000.</param>
/// <param name="Channels">Interleaved channels; 1..8.</param>
public sealed record PcmFormat(PcmEncoding Encoding, int SampleRateHz, int Channels)
{
    /// <summary>Lowest sample rate that is taken, in Hz.</summary>
    public const int MinSampleRateHz = 8_000;

    /// <summary>Highest sample rate that is taken, in Hz.</summary>
    public const int MaxSampleRateHz = 192_000;

    /// <summary>Most channels that are taken.</summary>
    public const int MaxChannels = 8;

    /// <summary>Bytes of one sample of one channel.</summary>
    public int BytesPerSample => Encoding switch
    {
        PcmEncoding.S16Le => 2,
        PcmEncoding.F32Le => 4,
        _ => 1,
    };

    /// <summary>Bytes of one frame: one sample of every channel.</summary>
    public int BytesPerFrame => BytesPerSample * Channels;

    /// <summary>Everything wrong with this format, each with the offending value, the limit and the remedy; empty when it is sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (!Enum.IsDefined(Encoding))
        {
            errors.Add($"encoding {Encoding} is unknown; send s16le, f32le or mu-law");
        }

        if (SampleRateHz is < MinSampleRateHz or > MaxSampleRateHz)
        {
            errors.Add($"sample rate {SampleRateHz} Hz is outside {MinSampleRateHz}..{MaxSampleRateHz} Hz; resample before sending");
        }

        if (Channels is < 1 or > MaxChannels)
        {
            errors.Add($"{Channels} channels is outside 1..{MaxChannels}; mix down before sending");
        }

        return errors;
    }
}
