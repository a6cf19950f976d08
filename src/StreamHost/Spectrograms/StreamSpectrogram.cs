using System.Threading.Channels;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;

namespace StreamGenre.StreamHost.Spectrograms;

/// <summary>One stream's spectrogram, which is made only while somebody looks. Thread-safe, but for the bytes: those come one call at a time.</summary>
/// <param name="model">Whose mel bands are shown.</param>
/// <param name="format">The form of the stream's bytes.</param>
internal sealed class StreamSpectrogram(ModelContract model, PcmFormat format)
{
    private readonly Lock _looking = new();
    private SpectrogramTap? _tap;
    private long _bytes;
    private bool _isOver;

    /// <summary>Takes the stream's next bytes, cut anywhere.</summary>
    public void Push(ReadOnlySpan<byte> audio)
    {
        Volatile.Read(ref _tap)?.Push(audio, _bytes);
        _bytes += audio.Length;
    }

    /// <summary>Begins to look; costs something only until the last looker is gone.</summary>
    public SpectrogramView Watch()
    {
        lock (_looking)
        {
            var tap = _tap ?? new SpectrogramTap(model, format);
            var viewer = tap.Add();
            if (_isOver)
            {
                viewer.Writer.TryComplete();
            }

            Volatile.Write(ref _tap, tap);
            return new SpectrogramView(tap.Format, viewer.Reader, () => Unwatch(tap, viewer));
        }
    }

    /// <summary>Says that the stream is over.</summary>
    public void Complete()
    {
        lock (_looking)
        {
            _isOver = true;
            _tap?.Complete();
        }
    }

    private void Unwatch(SpectrogramTap tap, Channel<byte[]> viewer)
    {
        lock (_looking)
        {
            tap.Remove(viewer);
            if (tap.IsIdle && _tap == tap)
            {
                Volatile.Write(ref _tap, null);
            }
        }
    }
}
