using System.Text.RegularExpressions;
using StreamGenre.AudioFiles;

namespace StreamGenre.StreamHost.Microphones;

/// <summary>How an operating system's microphones are reached through FFmpeg.</summary>
internal abstract partial class MicrophoneSystem
{
    /// <summary>That of the machine that this program runs on.</summary>
    public static MicrophoneSystem Current { get; } =
        OperatingSystem.IsWindows() ? new DirectShow() : OperatingSystem.IsMacOS() ? new AvFoundation() : new PulseOrAlsa();

    /// <summary>Arguments of FFmpeg that list the microphones, one set after the other.</summary>
    public abstract IReadOnlyList<string[]> ListArguments { get; }

    /// <summary>FFmpeg's arguments that open a microphone, <c>-i</c> included: one after the other, until one brings audio.</summary>
    /// <param name="device">The microphone; null for the default one.</param>
    /// <param name="known">The microphones that are there, which only a system without a default looks at.</param>
    public abstract IReadOnlyList<string[]> Arguments(string? device, IReadOnlyList<Microphone> known);

    /// <summary>Reads what FFmpeg wrote when it was asked for a list.</summary>
    /// <param name="lines">Its lines, without levels and parts.</param>
    public abstract IReadOnlyList<Microphone> ParseList(IEnumerable<string> lines);

    /// <summary>Whether a default microphone can be asked for without a list.</summary>
    public virtual bool HasDefault => true;

    // "pulse:x" and the like name one of FFmpeg's inputs outright, on any system.
    private static string[]? Named(string? device) =>
        device?.Split(':', 2) is [var format, { Length: > 0 } name] && Sources.SourceInput.Devices.Contains(format) ? ["-f", format, "-i", name] : null;

    /// <summary>Linux and the BSDs: PulseAudio, or PipeWire that speaks for it; where there is none, ALSA.</summary>
    internal sealed partial class PulseOrAlsa : MicrophoneSystem
    {
        public override IReadOnlyList<string[]> ListArguments { get; } = [["-sources", "pulse"], ["-sources", "alsa"]];

        public override IReadOnlyList<string[]> Arguments(string? device, IReadOnlyList<Microphone> known) =>
            Named(device) is { } named ? [named] : [["-f", "pulse", "-i", device ?? "default"], ["-f", "alsa", "-i", device ?? "default"]];

        // "Auto-detected sources for pulse:", then "* alsa_input.pci-0000_00_1f.3.analog-stereo [Built-in Audio Analog Stereo] (none)", the star being the default.
        public override IReadOnlyList<Microphone> ParseList(IEnumerable<string> lines)
        {
            var found = new List<Microphone>();
            var format = "";
            foreach (var line in lines)
            {
                if (Header().Match(line) is { Success: true } header)
                {
                    format = header.Groups["format"].Value;
                }
                else if (Entry().Match(line) is { Success: true } entry && IsDevice(format, entry.Groups["name"].Value))
                {
                    found.Add(new Microphone($"{format}:{entry.Groups["name"].Value}", entry.Groups["text"].Value, entry.Groups["star"].Success));
                }
            }

            return found;
        }

        // ALSA lists its plug-ins among its devices; those that record name their card.
        private static bool IsDevice(string format, string name) => format != "alsa" || name == "default" || name.Contains("CARD=", StringComparison.Ordinal);

        [GeneratedRegex("^Auto-detected sources for (?<format>[a-z]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Header();

        [GeneratedRegex(@"^((?<star>\*)| ) ?(?<name>\S+) \[(?<text>.*)\]( \([a-z, ]*\))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Entry();
    }

    /// <summary>macOS.</summary>
    internal sealed partial class AvFoundation : MicrophoneSystem
    {
        public override IReadOnlyList<string[]> ListArguments { get; } = [["-f", "avfoundation", "-list_devices", "true", "-i", ""]];

        // Video before the colon (none), audio behind it.
        public override IReadOnlyList<string[]> Arguments(string? device, IReadOnlyList<Microphone> known) =>
            [Named(device) ?? ["-f", "avfoundation", "-i", ":" + (device ?? "default")]];

        // "AVFoundation audio devices:", then "[0] Built-in Microphone".
        public override IReadOnlyList<Microphone> ParseList(IEnumerable<string> lines) =>
        [
            .. lines.SkipWhile(line => !line.Contains("AVFoundation audio devices", StringComparison.Ordinal))
                .Select(line => Entry().Match(line))
                .Where(match => match.Success)
                .Select(match => new Microphone(match.Groups["number"].Value, match.Groups["text"].Value, IsDefault: false)),
        ];

        [GeneratedRegex(@"^\[(?<number>\d+)\] (?<text>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Entry();
    }

    /// <summary>Windows, which has no name for its default microphone: the first of the list is taken.</summary>
    internal sealed partial class DirectShow : MicrophoneSystem
    {
        public override IReadOnlyList<string[]> ListArguments { get; } = [["-f", "dshow", "-list_devices", "true", "-i", "dummy"]];

        public override bool HasDefault => false;

        public override IReadOnlyList<string[]> Arguments(string? device, IReadOnlyList<Microphone> known) =>
            Named(device) is { } named ? [named]
            : (device ?? (known.Count > 0 ? known[0].Device : null)) is { } name ? [["-f", "dshow", "-i", "audio=" + name]]
            : [];

        // "Microphone (USB Audio)" (audio), since FFmpeg 5; before, the name alone behind "DirectShow audio devices".
        public override IReadOnlyList<Microphone> ParseList(IEnumerable<string> lines)
        {
            var found = new List<Microphone>();
            var old = false;
            foreach (var line in lines)
            {
                old = line.Contains("DirectShow audio devices", StringComparison.Ordinal) || (old && !line.Contains("DirectShow video devices", StringComparison.Ordinal));
                if (Entry().Match(line) is { Success: true } entry && (entry.Groups["kind"].Success ? entry.Groups["kind"].Value.Contains("audio", StringComparison.Ordinal) : old))
                {
                    found.Add(new Microphone(entry.Groups["name"].Value, "", IsDefault: found.Count == 0));
                }
            }

            return found;
        }

        // "Alternative name" lines don't begin with the quote.
        [GeneratedRegex("^\"(?<name>[^\"]+)\"( \\((?<kind>[a-z, ]+)\\))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Entry();
    }
}
