namespace StreamGenre.StreamHost.Sources;

/// <summary>How much audio a stream has heard against the wall clock. Not thread-safe.</summary>
/// <param name="sampleRateHz">Samples a second.</param>
/// <param name="time">The clock, which starts now.</param>
internal sealed class AudioClock(int sampleRateHz, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _samples;

    /// <summary>Wall time since the start.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Audio heard, less wall time: positive when the audio is ahead.</summary>
    public TimeSpan Lead => TimeSpan.FromSeconds((double)_samples / sampleRateHz) - Now;

    /// <summary>Samples that the audio is behind; 0 when it is not.</summary>
    public long SamplesBehind => Math.Max(0, (long)(Now.TotalSeconds * sampleRateHz) - _samples);

    /// <summary>Counts audio that was heard.</summary>
    public void Hear(long samples) => _samples += samples;
}
