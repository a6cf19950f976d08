namespace StreamGenre.AudioFiles;

/// <summary>What a file of plain samples says of them, read from a stream that need not seek.</summary>
/// <param name="Coding">How samples are stored.</param>
/// <param name="SampleRateHz">Samples a second and channel.</param>
/// <param name="Channels">Interleaved channels.</param>
/// <param name="DataBytes">Bytes of samples; null where the writer did not know (a pipe).</param>
internal sealed record SampleFileHeader(SampleCoding Coding, int SampleRateHz, int Channels, long? DataBytes)
{
    /// <summary>A header within what is read in-box.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="coding">How samples are stored; null for a coding that is not read in-box.</param>
    /// <param name="unknown">What to say of that.</param>
    /// <param name="rate">Samples a second and channel.</param>
    /// <param name="channels">Interleaved channels.</param>
    /// <param name="dataBytes">Bytes of samples, null where unknown.</param>
    /// <exception cref="AudioSourceException">It is not read in-box, which FFmpeg may do.</exception>
    public static SampleFileHeader Create(string name, SampleCoding? coding, string unknown, int rate, int channels, long? dataBytes)
    {
        static AudioSourceException Unsupported(string message) => new(message) { IsUnsupportedCoding = true };

        if (channels is < 1 or > 8)
        {
            throw Unsupported($"{name}: {channels} channels; 1..8 are read in-box, FFmpeg may mix it down");
        }

        if (rate is < 8_000 or > 192_000)
        {
            throw Unsupported($"{name}: sample rate {rate} Hz; 8000..192000 are read in-box, FFmpeg may resample it");
        }

        return coding is { } known ? new SampleFileHeader(known, rate, channels, dataBytes) : throw Unsupported($"{name}: {unknown}; FFmpeg may read it");
    }
}
