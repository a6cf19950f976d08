using System.Diagnostics;
using StreamGenre.Stages.Tests.Golden;

namespace StreamGenre.StreamHost.Tests.Sources;

/// <summary>A studio: FFmpeg that plays music to a mount of <see cref="Icecast"/> at the pace at which it is heard.</summary>
internal sealed class Feeder : IAsyncDisposable
{
    private readonly Process _process;

    private Feeder(Process process) => _process = process;

    /// <summary>Real recordings where the reference data lies, else the demo's own pieces; classical first, electronic second.</summary>
    public static IReadOnlyList<string> Pieces { get; } =
        SharedData.Path("emotify", "mp3", "classical_001.mp3") is { } classical && SharedData.Path("emotify", "mp3", "electronic_003.mp3") is { } electronic
            ? [classical, electronic]
            : [Demo("01-classical-ode-to-joy.wav"), Demo("05-electronic-mountain-king.wav")];

    /// <summary>MP3, as most radios send it.</summary>
    public static string[] Mp3 { get; } = ["-c:a", "libmp3lame", "-b:a", "128k", "-content_type", "audio/mpeg", "-f", "mp3"];

    /// <summary>Opus in Ogg.</summary>
    public static string[] Opus { get; } = ["-c:a", "libopus", "-b:a", "96k", "-content_type", "application/ogg", "-f", "ogg"];

    /// <summary>Plays the first so many seconds of each piece in turn, and stays on the last.</summary>
    public static async Task<Feeder> StartAsync(Icecast icecast, string mount, string[] coding, double secondsOfEach, params string[] pieces)
    {
        string[] inputs = [.. pieces.SelectMany((piece, i) => i == pieces.Length - 1 ? ["-stream_loop", "-1", "-i", piece] : new[] { "-t", secondsOfEach.ToString(), "-i", piece })];
        var join = string.Concat(pieces.Select((_, i) => $"[{i}:a]aformat=sample_rates=44100:channel_layouts=stereo[a{i}];")) + string.Concat(pieces.Select((_, i) => $"[a{i}]"))
            + $"concat=n={pieces.Length}:v=0:a=1,arealtime[out]";
        var start = new ProcessStartInfo("ffmpeg", ["-v", "error", "-nostdin", .. inputs, "-filter_complex", join, "-map", "[out]", .. coding, icecast.FeedUrlOf(mount)])
        {
            UseShellExecute = false, RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg was not started");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        await icecast.IsFedAsync(mount);
        return new Feeder(process);
    }

    /// <summary>kill -9.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string Demo(string file) => Path.Combine(AppContext.BaseDirectory, "demo", file);
}
