using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages;

/// <summary>One stream's own way from bytes to windows: decode, resample, mel, window. Not thread-safe; state belongs to one stream.</summary>
public sealed class SessionFrontEnd
{
    private readonly PcmDecoder _decoder;

    /// <summary>Builds the front end that <paramref name="contract"/> asks for.</summary>
    /// <param name="contract">The model's contract.</param>
    /// <param name="format">The form of the stream's bytes.</param>
    /// <param name="windowHop">Audio time from one window to the next; 0.1..30 s.</param>
    /// <exception cref="ArgumentException">With everything wrong with the format or the hop.</exception>
    /// <exception cref="ModelContractException">With everything wrong with the contract.</exception>
    public SessionFrontEnd(ModelContract contract, PcmFormat format, TimeSpan windowHop)
    {
        _decoder = new PcmDecoder(format);
        _ = contract;
        _ = windowHop;
    }

    /// <summary>Audio received so far, in whole frames.</summary>
    public TimeSpan AudioTime => TimeSpan.Zero;

    /// <summary>Bytes of a frame that has begun but not ended; not 0 at the end of a stream means that the audio ends inside a sample.</summary>
    public int PendingBytes => _decoder.PendingBytes;

    /// <summary>Takes the next bytes, cut anywhere, and adds each window that they complete. The caller owns the windows.</summary>
    public void Push(ReadOnlySpan<byte> pcm, Queue<MelWindow> windows)
    {
    }

    /// <summary>Ends the stream and adds its last window where one is due. Push must not be called afterwards.</summary>
    public void Complete(Queue<MelWindow> windows)
    {
    }
}
