namespace StreamGenre.AudioFiles;

/// <summary>
/// Whatever FFmpeg decodes, through an <c>ffmpeg</c> child that writes 16-bit WAV to a pipe: the WAV header tells rate and channels, so the
/// file needs no probing. The pipe blocks the child while nobody reads, so a slow server slows the decoding and nothing piles up.
/// </summary>
internal sealed class FfmpegSource : IAudioSource
{
    private readonly FfmpegProcess _process;
    private readonly SampleFileSource _wav;
    private readonly string _path;

    private FfmpegSource(FfmpegProcess process, SampleFileSource wav, string path)
    {
        _process = process;
        _wav = wav;
        _path = path;
    }

    public SourceFormat Format => _wav.Format;

    /// <summary>Starts the child and reads what it says of the audio.</summary>
    /// <param name="path">The file to decode.</param>
    /// <param name="ffmpeg">The program, by name or path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AudioSourceException">FFmpeg is not there, or can't decode the file.</exception>
    public static async Task<FfmpegSource> OpenAsync(string path, string ffmpeg, CancellationToken cancellationToken)
    {
        try
        {
            return await StartAsync(path, ffmpeg, [], cancellationToken);
        }
        catch (AudioSourceException e) when (e.IsUnsupportedCoding)
        {
            // A rate or a channel count outside of what a source delivers: FFmpeg brings it in.
            return await StartAsync(path, ffmpeg, ["-ac", "2", "-ar", "48000"], cancellationToken);
        }
    }

    private static async Task<FfmpegSource> StartAsync(string path, string ffmpeg, string[] conversion, CancellationToken cancellationToken)
    {
        // A file may name others (a playlist does): nothing is opened over the network.
        // "file:" keeps a name like "-x.mp3" or "concat:a" from being read as an option or a protocol.
        string[] arguments = ["-protocol_whitelist", "file", "-i", "file:" + Path.GetFullPath(path), "-map", "0:a:0", .. conversion, "-c:a", "pcm_s16le", "-f", "wav", "pipe:1"];
        FfmpegProcess process;
        try
        {
            process = FfmpegProcess.Start(ffmpeg, arguments, guarded: false);
        }
        catch (AudioSourceException e)
        {
            throw new AudioSourceException($"{path}: FFmpeg decodes everything but WAV and AU: {e.Message}", e) { IsDecoderMissing = true };
        }

        try
        {
            var wav = await SampleFileSource.OpenAsync(process.Output, path, WavHeader.ReadAsync, cancellationToken);
            return new FfmpegSource(process, wav, path);
        }
        catch (AudioSourceException e) when (!e.IsUnsupportedCoding)
        {
            var failure = Failure(path, await process.EndAsync(cancellationToken));
            await process.DisposeAsync();
            throw failure;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _wav.ReadAsync(buffer, cancellationToken);
        return read == 0 && await _process.EndAsync(cancellationToken) is { } error ? throw Failure(_path, error) : read;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _wav.DisposeAsync();
    }

    private static AudioSourceException Failure(string path, string? error)
    {
        // FFmpeg names the file itself at the front of most of its messages.
        var line = error?.Replace("file:" + Path.GetFullPath(path) + ": ", "", StringComparison.Ordinal);
        return new AudioSourceException($"{path}: ffmpeg can't decode it: {line ?? "it says nothing more"}");
    }
}
