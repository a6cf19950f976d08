using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Sources;

/// <summary>
/// The one stream that a source is for all its life, whatever becomes of its connections: while none brings audio it hears digital silence at the pace of
/// the wall clock, so that audio time keeps up with it, rolling scores fade, and subscribers stay. One task at a time writes.
/// </summary>
internal sealed class SourceStream : IAsyncDisposable
{
    private const int BytesPerSample = 2;

    // -80 dB under full scale: what an encoder makes of zeros, and under any fade-out that is still heard.
    private const int SilentPeak = 3;

    private readonly StreamSession _session;
    private readonly AudioClock _clock;
    private readonly TimeProvider _time;
    private readonly TimeSpan _maxLead;
    private readonly byte[] _silence;
    private readonly Task _updates;

    public SourceStream(StreamSession session, TimeSpan maxLead, TimeProvider time)
    {
        _session = session;
        _maxLead = maxLead;
        _time = time;
        var sampleRateHz = session.Settings.Format.SampleRateHz;
        _clock = new AudioClock(sampleRateHz, time);
        _silence = new byte[BytesPerSample * (sampleRateHz / 4)];
        _updates = session.DrainAsync(CancellationToken.None);
    }

    /// <summary>Wall time since the stream began.</summary>
    public TimeSpan Now => _clock.Now;

    /// <summary>Rate of its audio, in Hz.</summary>
    public int SampleRateHz => _session.Settings.Format.SampleRateHz;

    /// <summary>What is playing; empty when nobody says.</summary>
    public string Title
    {
        get => _session.StreamTitle;
        set => _session.StreamTitle = value;
    }

    /// <summary>Whether 16-bit samples are digital silence, all of them.</summary>
    public static bool IsSilent(ReadOnlySpan<byte> audio)
    {
        var samples = MemoryMarshal.Cast<byte, short>(audio);
        return samples.IsEmpty || (TensorPrimitives.Max(samples) <= SilentPeak && TensorPrimitives.Min(samples) >= -SilentPeak);
    }

    /// <summary>Hears whole 16-bit samples; then waits while the audio is too far ahead of the wall clock.</summary>
    /// <exception cref="Stages.ClassificationException">The stream is over: the model failed.</exception>
    public async Task HearAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken)
    {
        await WriteAsync(audio);
        while (_clock.Lead - _maxLead is var ahead && ahead > TimeSpan.Zero)
        {
            await Task.Delay(ahead, _time, cancellationToken);
        }
    }

    /// <summary>Hears silence until the audio has caught up with the wall clock.</summary>
    public async Task CatchUpAsync()
    {
        while (_clock.SamplesBehind is var behind && behind > 0)
        {
            await WriteAsync(_silence.AsMemory(0, (int)Math.Min(_silence.Length, behind * BytesPerSample)));
        }
    }

    /// <summary>Flushes and ends the stream.</summary>
    public async Task CompleteAsync()
    {
        await _session.CompleteAsync(CancellationToken.None);
        await _updates;
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    // Not to be cancelled: a cancelled write ends the stream. Live streams drop windows rather than wait.
    private async Task WriteAsync(ReadOnlyMemory<byte> audio)
    {
        await _session.WriteAsync(audio, CancellationToken.None);
        _clock.Hear(audio.Length / BytesPerSample);
    }
}
