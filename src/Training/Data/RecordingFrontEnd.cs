using System.Buffers;

using StreamGenre.AudioFiles;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Wavelet;

namespace StreamGenre.Training.Data;

/// <summary>
/// One recording's audio to frames through the front end that serves: decode, mix down, resample, mel (and wavelet bands where it has any). Audio is taken in pieces of any length, so that
/// an hour takes no more memory than its frames.
/// </summary>
internal sealed class RecordingFrontEnd
{
    private const int PieceSeconds = 4;

    private readonly PcmDecoder _decoder;
    private readonly Resampler? _resampler;
    private readonly StackedSpectrogram _spectrogram;
    private readonly ArrayBufferWriter<float> _mono = new();
    private readonly ArrayBufferWriter<float> _resampled = new();
    private readonly ArrayBufferWriter<float> _frames = new();

    /// <summary>A front end at the beginning of a recording.</summary>
    public RecordingFrontEnd(PcmFormat format, MelOptions mel)
    {
        _decoder = new PcmDecoder(format);
        _resampler = format.SampleRateHz == mel.SampleRateHz ? null : new Resampler(format.SampleRateHz, mel.SampleRateHz);
        _spectrogram = new StackedSpectrogram(mel);
    }

    /// <summary>Takes the next bytes.</summary>
    public void Push(ReadOnlySpan<byte> pcm)
    {
        _mono.ResetWrittenCount();
        _decoder.Push(pcm, _mono);
        if (_resampler is null)
        {
            _spectrogram.Push(_mono.WrittenSpan, _frames);
            return;
        }

        _resampled.ResetWrittenCount();
        _resampler.Push(_mono.WrittenSpan, _resampled);
        _spectrogram.Push(_resampled.WrittenSpan, _frames);
    }

    /// <summary>Ends the recording: the frames [frames, rows] that lie wholly inside it, as a server that hears it as a stream makes them.</summary>
    public float[] Finish()
    {
        if (_resampler is not null)
        {
            _resampled.ResetWrittenCount();
            _resampler.Flush(_resampled);
            _spectrogram.Push(_resampled.WrittenSpan, _frames);
        }

        return _frames.WrittenSpan.ToArray();
    }

    /// <summary>The frames [frames, rows] of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mel">The front end.</param>
    /// <param name="speed">How fast it is played.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="AudioSourceException">It can't be decoded.</exception>
    public static async Task<float[]> ReadAsync(string path, MelOptions mel, double speed, CancellationToken cancellation)
    {
        await using var source = await AudioFile.OpenAsync(path, "ffmpeg", cancellation);
        var frontEnd = new RecordingFrontEnd(Format(source.Format, speed), mel);
        var piece = new byte[source.Format.BytesPerSecond * PieceSeconds];
        while (await source.ReadAsync(piece, cancellation) is var read and > 0)
        {
            frontEnd.Push(piece.AsSpan(0, read));
        }

        return frontEnd.Finish();
    }

    private static PcmFormat Format(SourceFormat format, double speed) => new(
        format.Encoding switch
        {
            SampleEncoding.S16Le => PcmEncoding.S16Le,
            SampleEncoding.F32Le => PcmEncoding.F32Le,
            _ => PcmEncoding.MuLaw,
        },
        (int)Math.Round(format.SampleRateHz * speed),
        format.Channels);
}
