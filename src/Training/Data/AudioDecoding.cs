using System.ComponentModel;
using System.Diagnostics;

namespace StreamGenre.Training.Data;

/// <summary>Any audio file to raw samples at its own rate: WAV in-box, all else through an <c>ffmpeg</c> child process.</summary>
internal static class AudioDecoding
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".aac", ".wma", ".aif", ".aiff", ".au", ".webm", ".mka", ".mp4",
    };

    /// <summary>Whether a file's name ends like an audio file's.</summary>
    public static bool IsAudio(string path) => Known.Contains(Path.GetExtension(path));

    /// <summary>Decodes a whole file.</summary>
    /// <exception cref="TrainingException">The file can't be decoded, or ffmpeg is missing; the message says which.</exception>
    public static async Task<WavAudio> ReadAsync(string path, CancellationToken cancellation)
    {
        if (Path.GetExtension(path).Equals(".wav", StringComparison.OrdinalIgnoreCase))
        {
            try
            {
                return WavAudio.Read(await File.ReadAllBytesAsync(path, cancellation), path);
            }
            catch (TrainingException)
            {
                // A form of WAV that is not read in-box; ffmpeg may know it, and says so where it doesn't.
            }
        }

        return await ThroughFfmpegAsync(path, cancellation);
    }

    private static async Task<WavAudio> ThroughFfmpegAsync(string path, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("ffmpeg")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in new[] { "-v", "error", "-nostdin", "-i", Path.GetFullPath(path), "-map", "0:a:0", "-c:a", "pcm_s16le", "-f", "wav", "-" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Start(start);
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            using var output = new MemoryStream();
            await process.StandardOutput.BaseStream.CopyToAsync(output, cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
            {
                var reason = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
                throw new TrainingException($"{path} can't be decoded: {reason ?? $"ffmpeg ended with {process.ExitCode}"}");
            }

            return WavAudio.Read(output.ToArray(), path);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new TrainingException("ffmpeg is needed to decode audio other than WAV and was not found; install it (apt-get install ffmpeg)", error);
        }
    }
}
