using System.Text;
using System.Text.RegularExpressions;

namespace StreamGenre.AudioFiles;

/// <summary>
/// One line of what <c>ffmpeg -loglevel level+…</c> says: <c>[http @ 0x55d0c8] [error] HTTP error 404 Not Found</c>.
/// </summary>
/// <param name="Level">How grave it is: <c>error</c>, <c>fatal</c>, <c>panic</c>, <c>warning</c>, <c>info</c>, <c>verbose</c>; empty where it does not say.</param>
/// <param name="Text">What it says, without the level and without the part of FFmpeg that says it.</param>
public sealed partial record FfmpegLine(string Level, string Text)
{
    private const string TitleMark = "Metadata update for StreamTitle:";

    private const int MaxLength = 500;

    // Throws at the first byte that is not UTF-8: old radio software sends titles in Latin-1, whose letters beyond ASCII hardly ever make valid UTF-8.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether it tells of a failure.</summary>
    public bool IsError => Level is "error" or "fatal" or "panic";

    /// <summary>The title of what is playing, where the line tells of a new one (ICY, in the time of the stream; logged from level verbose on); else null.</summary>
    public string? StreamTitle => Text.StartsWith(TitleMark, StringComparison.Ordinal) ? Text[TitleMark.Length..].Trim() : null;

    /// <summary>Reads a line as it came: UTF-8, and what is not as Latin-1. Control characters become blanks.</summary>
    public static FfmpegLine Parse(ReadOnlySpan<byte> line)
    {
        string text;
        try
        {
            text = Strict.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            text = Encoding.Latin1.GetString(line);
        }

        text = string.Create(Math.Min(text.Length, MaxLength), text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
        var match = Prefix().Match(text);
        return new FfmpegLine(match.Groups["level"].Value, text[match.Length..].Trim());
    }

    [GeneratedRegex(@"^(\[[^\]]* @ [^\]]*\] )*(\[(?<level>panic|fatal|error|warning|info|verbose|debug|trace)\] )?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prefix();
}
