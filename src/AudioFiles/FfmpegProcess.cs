using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipelines;

namespace StreamGenre.AudioFiles;

/// <summary>A running <c>ffmpeg</c> whose standard output is read, and whose standard error is read along so that it never blocks on it.</summary>
public sealed class FfmpegProcess : IAsyncDisposable
{
    // The child is a shell that starts ffmpeg and then waits for the end of its own standard input, a pipe that this program holds: it ends with this
    // program however that ends, kill -9 included, and takes ffmpeg along. (ffmpeg itself would notice only when it next has audio to write, which on a dead
    // connection is never; and the death signal of Linux is bound to the thread that started the child, not to the process.) The shell closes its copies of
    // the other pipes, so that their end is ffmpeg's.
    private const string Guard = "\"$0\" \"$@\" </dev/null & exec >&- 2>&-; read -r _; kill -9 $!; wait $!";

    // As shells tell of a death by SIGKILL.
    private const int KilledExitCode = 128 + 9;

    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Action<FfmpegLine>? _onLine;
    private readonly bool _isGuarded;
    private readonly Task _errors;
    private bool _isDisposed;
    private volatile string _lastError = "";

    private FfmpegProcess(Process process, bool isGuarded, Action<FfmpegLine>? onLine)
    {
        _process = process;
        _onLine = onLine;
        _isGuarded = isGuarded;
        _errors = ReadErrorsAsync();
    }

    /// <summary>Its standard output.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts it.</summary>
    /// <param name="program">The program, by name or path.</param>
    /// <param name="arguments">Its arguments after those that every child gets.</param>
    /// <param name="guarded">
    /// Whether it must end with this program even when it has nothing to write. A decoder of files always has: it ends when it writes to the closed pipe.
    /// On Windows, which has no such shell, this is left to the timeouts of FFmpeg.
    /// </param>
    /// <param name="onLine">Gets every line of its standard error, from level verbose on; null leaves it at errors.</param>
    /// <exception cref="AudioSourceException">There is no such program, or it can't be started.</exception>
    public static FfmpegProcess Start(string program, IEnumerable<string> arguments, bool guarded, Action<FfmpegLine>? onLine = null)
    {
        var path = FfmpegProgram.Find(program);
        string[] all = ["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+" + (onLine is null ? "error" : "verbose"), .. arguments];
        var shell = guarded && !OperatingSystem.IsWindows();
        var start = shell ? new ProcessStartInfo("/bin/sh", ["-c", Guard, path, .. all]) : new ProcessStartInfo(path, all);
        start.RedirectStandardInput = shell;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        try
        {
            return new FfmpegProcess(Process.Start(start)!, shell, onLine);
        }
        catch (Win32Exception e)
        {
            throw new AudioSourceException($"'{path}' could not be started ({e.Message}); name the ffmpeg program (--ffmpeg PATH)", e) { IsDecoderMissing = true };
        }
    }

    /// <summary>Waits for its end, once its output has ended; gives its last error in words, null where it ended well.</summary>
    public async Task<string?> EndAsync(CancellationToken cancellationToken)
    {
        Release();
        await _process.WaitForExitAsync(cancellationToken);
        await _errors.WaitAsync(cancellationToken);
        var code = _process.ExitCode;

        // An ffmpeg that closed its output may be killed by the guard while it tidies up; that is no failure.
        return code == 0 || (code == KilledExitCode && _isGuarded && _lastError.Length == 0) ? null
            : _lastError.Length > 0 ? _lastError : $"ffmpeg ended with exit code {code} and says nothing more";
    }

    /// <summary>What it last said of a failure; empty where it said nothing.</summary>
    public string LastError => _lastError;

    /// <summary>Kills it if it still runs, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Release();
        try
        {
            if (_isGuarded)
            {
                // The guard kills ffmpeg; killing both from here could leave ffmpeg behind, were the guard the first to die.
                using var patience = new CancellationTokenSource(KillPatience);
                await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }

        await _errors;
        _process.Dispose();
    }

    // The guard sees the end of its input, and kills what still runs.
    private void Release()
    {
        if (_isGuarded)
        {
            _process.StandardInput.Close();
        }
    }

    private async Task ReadErrorsAsync()
    {
        var reader = PipeReader.Create(_process.StandardError.BaseStream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    Take(buffer.Slice(0, end));
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (result.IsCompleted)
                {
                    Take(buffer);
                    return;
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The pipe broke: there is no more to be read.
        }
    }

    private void Take(ReadOnlySequence<byte> bytes)
    {
        var line = FfmpegLine.Parse(bytes.ToArray());
        if (line.Text.Length == 0)
        {
            return;
        }

        // Before it can say levels (a shell that can't start it, for one) everything is an error.
        if (line.IsError || line.Level.Length == 0)
        {
            _lastError = line.Text;
        }

        _onLine?.Invoke(line);
    }
}
