using System.Buffers;
using System.Collections.Immutable;
using System.Threading.Channels;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;

namespace StreamGenre.StreamHost.Spectrograms;

/// <summary>
/// A stream's audio as mel columns to look at, made by a front end of the lookers' own: the model's mel bands, but three times as many columns, in dB, a byte each.
/// It is there while somebody looks, runs on the task that writes the audio, is made once however many look, and waits for none of them.
/// </summary>
internal sealed class SpectrogramTap
{
    // Smooth to the eye at the pace of music; the model's own 13 columns a second are not.
    private const int ColumnsPerSecond = 40;

    // Bytes are half decibels from −90 dB, under every sound that is not silence, to 37 dB, over full scale in one band.
    private const float FloorDb = -90;
    private const float StepDb = 0.5f;

    // Of a viewer's parts not yet sent, the oldest is lost when it falls behind: some six seconds of messages of 100 ms.
    private const int ViewerParts = 64;

    private const int BlockFrames = 4096;

    private readonly PcmDecoder _decoder;
    private readonly Resampler _resampler;
    private readonly MelSpectrogram _mel;
    private readonly ArrayBufferWriter<float> _decoded = new();
    private readonly ArrayBufferWriter<float> _resampled = new();
    private readonly ArrayBufferWriter<float> _columns = new();
    private ImmutableArray<Channel<byte[]>> _viewers = [];
    private bool _begun;

    /// <summary>A tap that nobody looks at yet.</summary>
    /// <param name="model">Whose mel bands are shown.</param>
    /// <param name="format">The form of the stream's bytes.</param>
    public SpectrogramTap(ModelContract model, PcmFormat format)
    {
        var mel = model.Mel with
        {
            HopSamples = model.Mel.SampleRateHz / ColumnsPerSecond,
            Spectrum = SpectrumKind.Power,
            LogRule = LogRule.Decibel,
            LogOffset = 1e-10,
            Wavelet = null,
        };
        _decoder = new PcmDecoder(format);
        _resampler = new Resampler(format.SampleRateHz, mel.SampleRateHz);
        _mel = new MelSpectrogram(mel);
        Format = new SpectrogramFormat(mel.MelBins, (double)mel.SampleRateHz / mel.HopSamples, mel.MinFrequencyHz, mel.MaxFrequencyHz, mel.MelScale.ToString(), FloorDb, StepDb);
    }

    /// <summary>How to read the columns.</summary>
    public SpectrogramFormat Format { get; }

    /// <summary>Whether nobody looks.</summary>
    public bool IsIdle => _viewers.IsEmpty;

    /// <summary>Begins to look. Not at once with another Add, Remove or Complete.</summary>
    public Channel<byte[]> Add()
    {
        var viewer = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(ViewerParts)
        {
            FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true,
        });
        _viewers = _viewers.Add(viewer);
        return viewer;
    }

    /// <summary>Ceases to look.</summary>
    public void Remove(Channel<byte[]> viewer) => _viewers = _viewers.Remove(viewer);

    /// <summary>Says that the stream is over.</summary>
    public void Complete()
    {
        foreach (var viewer in _viewers)
        {
            viewer.Writer.TryComplete();
        }
    }

    /// <summary>Takes the stream's next bytes, cut anywhere.</summary>
    /// <param name="pcm">The bytes.</param>
    /// <param name="before">Bytes of the stream that came before these: looking may begin inside a sample, whose rest is left out.</param>
    public void Push(ReadOnlySpan<byte> pcm, long before)
    {
        var frame = _decoder.Format.BytesPerFrame;
        if (!_begun)
        {
            var rest = (int)((frame - (before % frame)) % frame);
            if (pcm.Length < rest)
            {
                return;
            }

            pcm = pcm[rest..];
            _begun = true;
        }

        _columns.ResetWrittenCount();
        while (pcm.Length > 0)
        {
            var taken = Math.Min(pcm.Length, BlockFrames * frame);
            _decoded.ResetWrittenCount();
            _decoder.Push(pcm[..taken], _decoded);
            pcm = pcm[taken..];
            var samples = _decoded.WrittenSpan;
            if (!_resampler.IsPassThrough)
            {
                _resampled.ResetWrittenCount();
                _resampler.Push(samples, _resampled);
                samples = _resampled.WrittenSpan;
            }

            _mel.Push(samples, _columns);
        }

        if (_columns.WrittenCount > 0)
        {
            var part = Quantise(_columns.WrittenSpan);
            foreach (var viewer in _viewers)
            {
                viewer.Writer.TryWrite(part);
            }
        }
    }

    private static byte[] Quantise(ReadOnlySpan<float> decibels)
    {
        var bytes = new byte[decibels.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp(((decibels[i] - FloorDb) / StepDb) + 0.5f, 0, 255);
        }

        return bytes;
    }
}
