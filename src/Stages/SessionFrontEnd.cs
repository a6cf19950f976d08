using System.Buffers;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages;

/// <summary>
/// One stream's own way from bytes to windows: decode, resample, mel, window, and whether it is silent. Everything runs on the caller's thread, within the call.
/// Any cutting of the bytes into chunks gives the same windows to the bit. Not thread-safe; state belongs to one stream.
/// </summary>
public sealed class SessionFrontEnd
{
    // Taken through all steps at a time, so that a large message neither grows the buffers between them nor leaves the cache.
    private const int BlockFrames = 4096;

    private readonly PcmDecoder _decoder;
    private readonly Resampler _resampler;
    private readonly WindowAssembler _assembler;

    // Empty between calls; a thread's, not a stream's, which would hold 30 kB of nothing.
    [ThreadStatic]
    private static ArrayBufferWriter<float>? _threadsDecoded;
    [ThreadStatic]
    private static ArrayBufferWriter<float>? _threadsResampled;

    private long _frames;

    /// <summary>Builds the front end that <paramref name="contract"/> asks for.</summary>
    /// <param name="contract">The model's contract.</param>
    /// <param name="format">The form of the stream's bytes.</param>
    /// <param name="windowHop">Audio time from one window to the next; 0.1..30 s.</param>
    /// <param name="silence">What counts as silence; the defaults where null.</param>
    /// <exception cref="ArgumentException">When the format or the hop is out of range, with what is allowed.</exception>
    /// <exception cref="ModelContractException">With everything wrong with the contract.</exception>
    public SessionFrontEnd(ModelContract contract, PcmFormat format, TimeSpan windowHop, SilenceOptions? silence = null)
    {
        _decoder = new PcmDecoder(format);
        _assembler = new WindowAssembler(contract, windowHop, silence);
        _resampler = new Resampler(format.SampleRateHz, contract.Mel.SampleRateHz);
    }

    /// <summary>Audio received so far, in whole frames.</summary>
    public TimeSpan AudioTime => TimeSpan.FromTicks((long)((Int128)_frames * TimeSpan.TicksPerSecond / _decoder.Format.SampleRateHz));

    /// <summary>Bytes of a frame that has begun but not ended; not 0 at the end of a stream means that the audio ends inside a frame.</summary>
    public int PendingBytes => _decoder.PendingBytes;

    /// <summary>Takes the next bytes, cut anywhere, and adds each window that they complete. The caller owns the windows.</summary>
    public void Push(ReadOnlySpan<byte> pcm, Queue<MelWindow> windows)
    {
        var decoded = _threadsDecoded ??= new ArrayBufferWriter<float>(BlockFrames + 1);
        var resampled = _threadsResampled ??= new ArrayBufferWriter<float>();
        var blockBytes = BlockFrames * _decoder.Format.BytesPerFrame;
        while (pcm.Length > 0)
        {
            var taken = Math.Min(pcm.Length, blockBytes);
            decoded.ResetWrittenCount();
            _decoder.Push(pcm[..taken], decoded);
            pcm = pcm[taken..];
            _frames += decoded.WrittenCount;
            if (_resampler.IsPassThrough)
            {
                _assembler.Push(decoded.WrittenSpan, windows);
                continue;
            }

            resampled.ResetWrittenCount();
            _resampler.Push(decoded.WrittenSpan, resampled);
            _assembler.Push(resampled.WrittenSpan, windows);
        }
    }

    /// <summary>Ends the stream and adds its last window where one is due. Push must not be called afterwards.</summary>
    public void Complete(Queue<MelWindow> windows)
    {
        var resampled = _threadsResampled ??= new ArrayBufferWriter<float>();
        resampled.ResetWrittenCount();
        _resampler.Flush(resampled);
        _assembler.Push(resampled.WrittenSpan, windows);
        _assembler.Complete(windows);
    }
}
