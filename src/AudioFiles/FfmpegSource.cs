using System.ComponentModel;
using System.Diagnostics;

namespace StreamGenre.AudioFiles;

/// <summary>
/// Whatever FFmpeg decodes, through an <c>ffmpeg</c> child that writes 16-bit WAV to a pipe: the WAV header tells rate and channels, so the
/// file needs no probing. The pipe blocks the child while nobody reads, so a slow server slows the decoding and nothing piles up.
/// </summary>
internal sealed class FfmpegSource : IAudioSource
{
    private readonly Process _process;
    private readonly Task<string> _lastError;
    private readonly SampleFileSource _wav;
    private readonly string _path;

    private FfmpegSource(Process process, Task<string> lastError, SampleFileSource wav, string path)
    {
        _process = process;
        _lastError = lastError;
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
        // "file:" keeps a name like "-x.mp3" or "concat:a" from being read as an option or a protocol.
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-v", "error", "-i", "file:" + Path.GetFullPath(path),
            "-map", "0:a:0", .. conversion, "-c:a", "pcm_s16le", "-f", "wav", "pipe:1",
        ];
        var start = new ProcessStartInfo(ffmpeg, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new AudioSourceException(
                $"{path}: '{ffmpeg}' could not be started ({e.Message}); FFmpeg decodes everything but WAV and AU: install it (apt-get install ffmpeg) or name its path", e) { IsDecoderMissing = true };
        }

        var lastError = LastLineAsync(process.StandardError);
        try
        {
            var wav = await SampleFileSource.OpenAsync(process.StandardOutput.BaseStream, path, WavHeader.ReadAsync, cancellationToken);
            return new FfmpegSource(process, lastError, wav, path);
        }
        catch (AudioSourceException e) when (!e.IsUnsupportedCoding)
        {
            throw await FailureAsync(process, lastError, path, cancellationToken);
        }
        catch
        {
            await StopAsync(process);
            throw;
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await _wav.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            await _process.WaitForExitAsync(cancellationToken);
            if (_process.ExitCode != 0)
            {
                throw await FailureAsync(_process, _lastError, _path, cancellationToken);
            }
        }

        return read;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_process);
        await _wav.DisposeAsync();
    }

    private static async Task<AudioSourceException> FailureAsync(Process process, Task<string> lastError, string path, CancellationToken cancellationToken)
    {
        var line = await lastError.WaitAsync(cancellationToken);
        await StopAsync(process);

        // FFmpeg names the file itself at the front of most of its messages.
        var prefix = "file:" + Path.GetFullPath(path) + ": ";
        line = line.Replace(prefix, "", StringComparison.Ordinal);
        return new AudioSourceException($"{path}: ffmpeg can't decode it: {(line.Length == 0 ? "it says nothing more" : line)}");
    }

    private static async Task StopAsync(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }

        process.Dispose();
    }

    private static async Task<string> LastLineAsync(StreamReader errors)
    {
        var last = "";
        while (await errors.ReadLineAsync() is { } line)
        {
            last = string.IsNullOrWhiteSpace(line) ? last : line.Trim();
        }

        return last;
    }
}
