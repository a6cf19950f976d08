using System.Text.RegularExpressions;

namespace StreamGenre.StreamHost.Sources;

/// <summary>
/// What a source's URL means to FFmpeg. A URL of the network (<c>http</c>, <c>https</c>, <c>rtsp</c>, <c>rtmp</c>, <c>srt</c>, …) or <c>file:</c> is opened as it is, with
/// the protocols it may lead to limited to those of its kind: a playlist from the network opens no files. One of <see cref="Devices"/> is a device or a
/// generator of FFmpeg: <c>pulse:default</c>, <c>alsa:hw:0</c>, <c>avfoundation::0</c>, <c>dshow:audio=Microphone</c>, <c>lavfi:sine=440</c>.
/// </summary>
internal sealed partial class SourceInput
{
    private const int MaxLength = 2048;

    // Everything that a stream of the network is carried by; file, concat, subfile, pipe, fd and unix are not among them.
    private const string NetworkProtocols = "http,https,httpproxy,tcp,tls,udp,rtp,srtp,rtmp,rtmpe,rtmps,rtmpt,rtmpte,rtmpts,mmsh,mmst,srt,sctp,crypto,data";

    // A dead connection ends FFmpeg by itself, in case that nobody is left to end it (Windows); well above what the supervisor waits.
    private static readonly TimeSpan SocketTimeout = TimeSpan.FromSeconds(60);

    // MP3 that begins in mid-song is probed up to 128 kB, and the second half comes at the pace of the music, after 4 s; what a radio server sends at once is enough
    // (docs/sources.md has the figures).
    private const int FormatProbeBytes = 64 * 1024;

    private SourceInput(string url, string scheme, string rest)
    {
        Scheme = scheme;
        Opened = Devices.Contains(scheme) ? rest : url;
        Shown = Redact(url);
        Arguments = Devices.Contains(scheme)
            ? ["-f", scheme, "-i", Opened]
            : scheme == "file"
                ? ["-protocol_whitelist", "file," + NetworkProtocols, "-i", Opened]
                : [.. ProtocolOptions(scheme), "-protocol_whitelist", NetworkProtocols, "-i", Opened];
    }

    /// <summary>FFmpeg's input devices that are taken as schemes.</summary>
    public static IReadOnlySet<string> Devices { get; } =
        new HashSet<string>(["alsa", "pulse", "jack", "oss", "sndio", "avfoundation", "dshow", "lavfi"], StringComparer.Ordinal);

    /// <summary>What stands before the first colon, in lower case.</summary>
    public string Scheme { get; }

    /// <summary>The URL without what must not be shown.</summary>
    public string Shown { get; }

    /// <summary>The name under which FFmpeg opens it, and names it in errors; secrets and all.</summary>
    public string Opened { get; }

    /// <summary>FFmpeg's arguments that open it, <c>-i</c> included.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Reads a URL that is sound.</summary>
    /// <exception cref="ArgumentException">It is not; <see cref="ErrorOf"/> says why.</exception>
    public static SourceInput Parse(string url)
    {
        if (ErrorOf(url) is { } error)
        {
            throw new ArgumentException(error, nameof(url));
        }

        var colon = url.IndexOf(':', StringComparison.Ordinal);
        return new SourceInput(url, url[..colon].ToLowerInvariant(), url[(colon + 1)..]);
    }

    /// <summary>What is wrong with a URL, naming it; null when it is sound.</summary>
    public static string? ErrorOf(string url)
    {
        var shown = Redact(url.Length > 100 ? url[..100] + "…" : url);
        if (url.Length is 0 or > MaxLength)
        {
            return url.Length == 0 ? "url is empty; name what to listen to, such as https://radio.example/live.mp3" : $"url has {url.Length} characters; it must have {MaxLength} at most";
        }

        if (url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) && !Devices.Contains(url.Split(':')[0].ToLowerInvariant()))
        {
            return $"url '{shown}' holds blanks or control characters; escape them (a blank is %20)";
        }

        if (url.Any(char.IsControl))
        {
            return $"url '{shown}' holds control characters";
        }

        var scheme = SchemePattern().Match(url);
        if (!scheme.Success)
        {
            return $"url '{shown}' has no scheme; it must begin like https:, rtsp:, file: or pulse:";
        }

        var name = scheme.Groups["scheme"].Value.ToLowerInvariant();
        return Devices.Contains(name) || name == "file" || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Length > 0)
            ? null
            : $"url '{shown}' names no host; it must look like {name}://host/path";
    }

    /// <summary>A text with the secrets of every URL in it blotted out: passwords, and query values whose names say that they are secret.</summary>
    public static string Redact(string text) => SecretQuery().Replace(Password().Replace(text, "***"), "***");

    private static string[] ProtocolOptions(string scheme) => scheme switch
    {
        "http" or "https" => ["-rw_timeout", $"{SocketTimeout.TotalMicroseconds:0}", "-formatprobesize", FormatProbeBytes.ToString()],

        // RTP over the RTSP connection itself first: it passes firewalls, and nothing is lost or reordered.
        "rtsp" or "rtsps" => ["-rtsp_flags", "prefer_tcp"],
        _ => [],
    };

    [GeneratedRegex("^(?<scheme>[A-Za-z][A-Za-z0-9+.-]{1,30}):.", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemePattern();

    // The last @ before the path ends what names the user: a password may hold one.
    [GeneratedRegex(@"(?<=://[^/?#\s:]*:)[^/?#\s]+(?=@)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Password();

    [GeneratedRegex(@"(?<=[?&;][^=&\s]*(pass|token|key|auth|secret|sig)[^=&\s]*=)[^&\s'""]+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretQuery();
}
