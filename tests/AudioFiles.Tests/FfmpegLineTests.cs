using System.Text;

namespace StreamGenre.AudioFiles.Tests;

public sealed class FfmpegLineTests
{
    // As FFmpeg 5.1 wrote them.
    [Theory]
    [InlineData("[http @ 0x559c21c3b140] [error] HTTP error 404 Not Found", "error", "HTTP error 404 Not Found")]
    [InlineData("[info]     StreamTitle     : x", "info", "StreamTitle     : x")]
    [InlineData("[fatal] Unknown encoder 'x'", "fatal", "Unknown encoder 'x'")]
    [InlineData("[mp3 @ 0x1] [mp3float @ 0x2] [warning] a [b] c", "warning", "a [b] c")]
    [InlineData("sh: 1: /x: Permission denied", "", "sh: 1: /x: Permission denied")]
    public void Parse_Line_TellsLevelAndText(string line, string level, string text) =>
        Assert.Equal(new FfmpegLine(level, text), FfmpegLine.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void StreamTitle_Utf8AndLatin1_AreBothRead()
    {
        const string Line = "[http @ 0x559c21c3b140] [verbose] Metadata update for StreamTitle: Ärzte - Größe; it's";
        Assert.Equal("Ärzte - Größe; it's", FfmpegLine.Parse(Encoding.UTF8.GetBytes(Line)).StreamTitle);
        Assert.Equal("Ärzte - Größe; it's", FfmpegLine.Parse(Encoding.Latin1.GetBytes(Line)).StreamTitle);
        Assert.Equal("東京", FfmpegLine.Parse(Encoding.UTF8.GetBytes("[verbose] Metadata update for StreamTitle: 東京")).StreamTitle);
        Assert.Equal("", FfmpegLine.Parse("[verbose] Metadata update for StreamTitle: "u8).StreamTitle);
        Assert.Null(FfmpegLine.Parse("[info]     StreamTitle     : x"u8).StreamTitle);
    }

    [Fact]
    public void Parse_ControlCharactersAndLength_AreBounded()
    {
        var line = FfmpegLine.Parse(Encoding.UTF8.GetBytes("[error] \u001b[31mred\u0007" + new string('x', 10_000)));
        Assert.DoesNotContain(line.Text, char.IsControl);
        Assert.InRange(line.Text.Length, 1, 500);
    }
}
