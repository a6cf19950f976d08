using System.Diagnostics;

namespace StreamGenre.AudioFiles.Tests;

public sealed class FfmpegProcessTests
{
    [Fact]
    public async Task DisposeAsync_ChildThatNeverWrites_IsKilled()
    {
        // A second of noise, and a reader that never takes it: FFmpeg is blocked for ever.
        var mark = "mark=" + Guid.NewGuid().ToString("N");
        var ffmpeg = FfmpegProcess.Start("ffmpeg", ["-f", "lavfi", "-i", "anoisesrc", "-metadata", mark, "-f", "s16le", "pipe:1"], guarded: true, _ => { });
        Assert.NotEqual(0, await ffmpeg.Output.ReadAsync(new byte[100]));
        await ffmpeg.DisposeAsync();
        await ffmpeg.DisposeAsync();
        Assert.False(Running(mark));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EndAsync_FileThatIsNotThere_TellsTheErrorInWords(bool guarded)
    {
        await using var ffmpeg = FfmpegProcess.Start("ffmpeg", ["-i", "/no/such.mp3", "-f", "s16le", "pipe:1"], guarded);
        Assert.Equal(0, await ffmpeg.Output.ReadAsync(new byte[100]));
        Assert.Equal("/no/such.mp3: No such file or directory", await ffmpeg.EndAsync(CancellationToken.None));
    }

    [Fact]
    public async Task EndAsync_AllOfASource_EndsWithoutAnError()
    {
        var lines = new List<FfmpegLine>();
        await using var ffmpeg = FfmpegProcess.Start("ffmpeg", ["-f", "lavfi", "-i", "anoisesrc=d=0.5:r=8000", "-f", "s16le", "pipe:1"], guarded: true, lines.Add);
        using var audio = new MemoryStream();
        await ffmpeg.Output.CopyToAsync(audio);
        Assert.Null(await ffmpeg.EndAsync(CancellationToken.None));
        Assert.Equal(8000, audio.Length);
        Assert.Contains(lines, line => line.Level == "info" && line.Text.StartsWith("Input #0", StringComparison.Ordinal));
    }

    [Fact]
    public void Start_NoSuchProgram_SaysHowToGetIt()
    {
        var error = Assert.Throws<AudioSourceException>(() => FfmpegProcess.Start("no-such-ffmpeg", [], guarded: true));
        Assert.True(error.IsDecoderMissing);
        Assert.Contains("'no-such-ffmpeg' was not found; install FFmpeg (apt-get install ffmpeg)", error.Message, StringComparison.Ordinal);
    }

    private static bool Running(string mark) => Process.GetProcesses().Any(process =>
    {
        using (process)
        {
            var path = $"/proc/{process.Id}/cmdline";
            try
            {
                return File.Exists(path) && File.ReadAllText(path).Contains(mark, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    });
}
