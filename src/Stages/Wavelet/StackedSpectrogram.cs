using System.Buffers;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;

namespace StreamGenre.Stages.Wavelet;

/// <summary>
/// Mono samples -> frames of <see cref="MelOptions.Rows"/> values: the mel bands, then the wavelet bands where the front end has any. What the network is
/// fed is cut out of these, in serving as in training. Not thread-safe; state belongs to one stream.
/// </summary>
public sealed class StackedSpectrogram
{
    // Taken through both at a time, so that the buffers between don't grow with what is pushed.
    private const int BlockSamples = 4096;

    private readonly MelSpectrogram _mel;
    private readonly WaveletSpectrogram? _wavelet;
    private readonly ArrayBufferWriter<float> _melFrames = new();
    private readonly ArrayBufferWriter<float> _waveletFrames = new();

    /// <summary>A spectrogram at the start of a stream.</summary>
    /// <param name="options">How the frames are made.</param>
    /// <exception cref="ModelContractException">With everything wrong with the options.</exception>
    public StackedSpectrogram(MelOptions options)
    {
        _mel = new MelSpectrogram(options);
        _wavelet = options.Wavelet is null ? null : new WaveletSpectrogram(options);
    }

    /// <summary>How the frames are made.</summary>
    public MelOptions Options => _mel.Options;

    /// <summary>Takes the next samples, cut anywhere, and writes Rows values for each frame that they complete, frame after frame.</summary>
    public void Push(ReadOnlySpan<float> samples, IBufferWriter<float> frames)
    {
        if (_wavelet is null)
        {
            _mel.Push(samples, frames);
            return;
        }

        while (samples.Length > 0)
        {
            var taken = Math.Min(samples.Length, BlockSamples);
            _melFrames.ResetWrittenCount();
            _waveletFrames.ResetWrittenCount();
            _mel.Push(samples[..taken], _melFrames);
            _wavelet.Push(samples[..taken], _waveletFrames);
            samples = samples[taken..];
            Join(frames);
        }
    }

    private void Join(IBufferWriter<float> frames)
    {
        var mel = _melFrames.WrittenSpan;
        var wavelet = _waveletFrames.WrittenSpan;
        var bands = Options.Rows - Options.MelBins;
        while (mel.Length > 0)
        {
            var frame = frames.GetSpan(Options.Rows)[..Options.Rows];
            mel[..Options.MelBins].CopyTo(frame);
            wavelet[..bands].CopyTo(frame[Options.MelBins..]);
            frames.Advance(Options.Rows);
            mel = mel[Options.MelBins..];
            wavelet = wavelet[bands..];
        }
    }
}
