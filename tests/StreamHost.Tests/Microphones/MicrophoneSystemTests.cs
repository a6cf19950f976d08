using StreamGenre.StreamHost.Microphones;

namespace StreamGenre.StreamHost.Tests.Microphones;

/// <summary>Lists as FFmpeg writes them: PulseAudio's and ALSA's recorded from FFmpeg 5.1, the others' from its documentation and users' reports.</summary>
public sealed class MicrophoneSystemTests
{
    [Fact]
    public void ParseList_PulseAudio_FindsNamesAndTheDefault() => Assert.Equal(
        [
            new Microphone("pulse:alsa_input.pci-0000_00_1f.3.analog-stereo", "Built-in Audio [Analog] Stereo", true),
            new Microphone("pulse:room.monitor", "Monitor of Room", false),
        ],
        new MicrophoneSystem.PulseOrAlsa().ParseList(
        [
            "Auto-detected sources for pulse:",
            "* alsa_input.pci-0000_00_1f.3.analog-stereo [Built-in Audio [Analog] Stereo] (none)",
            "  room.monitor [Monitor of Room] (none)",
            "",
        ]));

    [Fact]
    public void ParseList_AlsaAlone_LeavesOutItsPlugIns() => Assert.Equal(
        [new Microphone("alsa:default", "Default", true), new Microphone("alsa:hw:CARD=U0x46d,DEV=0", "USB Device 0x46d:0x825, USB Audio", false)],
        new MicrophoneSystem.PulseOrAlsa().ParseList(
        [
            "Auto-detected sources for pulse:",
            "Cannot list sources: Generic error in an external library",
            "Auto-detected sources for alsa:",
            "  null [Discard all samples (playback) or generate zero samples (capture)] (none)",
            "* default [Default] (none)",
            "  lavrate [Rate Converter Plugin Using Libav/FFmpeg Library] (none)",
            "  hw:CARD=U0x46d,DEV=0 [USB Device 0x46d:0x825, USB Audio]",
        ]));

    [Fact]
    public void ParseList_AvFoundation_TakesTheAudioDevicesAlone() => Assert.Equal(
        [new Microphone("0", "Built-in Microphone", false), new Microphone("1", "Scarlett 2i2 USB", false)],
        new MicrophoneSystem.AvFoundation().ParseList(
        [
            "AVFoundation video devices:",
            "[0] FaceTime HD Camera",
            "[1] Capture screen 0",
            "AVFoundation audio devices:",
            "[0] Built-in Microphone",
            "[1] Scarlett 2i2 USB",
            ": Input/output error",
        ]));

    [Theory]
    [InlineData("\"Camera\" (video)", "\"Microphone (USB Audio)\" (audio)", "Alternative name \"@device_cm_{33D9}\\wave_{8C}\"", "\"Line In\" (audio)")]
    [InlineData("DirectShow video devices (some may be both video and audio devices)", "\"Camera\"", "DirectShow audio devices", "\"Microphone (USB Audio)\"", "\"Line In\"")]
    public void ParseList_DirectShowOfNewAndOld_TakesTheAudioDevicesAlone(params string[] lines) => Assert.Equal(
        [new Microphone("Microphone (USB Audio)", "", true), new Microphone("Line In", "", false)], new MicrophoneSystem.DirectShow().ParseList(lines));

    [Fact]
    public void Arguments_OfEachSystem_OpenTheDefaultOrTheNamed()
    {
        var linux = new MicrophoneSystem.PulseOrAlsa();
        Assert.Equal([["-f", "pulse", "-i", "default"], ["-f", "alsa", "-i", "default"]], linux.Arguments(null, []));
        Assert.Equal([["-f", "alsa", "-i", "hw:1"]], linux.Arguments("alsa:hw:1", []));
        Assert.Equal([["-f", "pulse", "-i", "hw:1"], ["-f", "alsa", "-i", "hw:1"]], linux.Arguments("hw:1", []));
        var mac = new MicrophoneSystem.AvFoundation();
        Assert.Equal([["-f", "avfoundation", "-i", ":default"]], mac.Arguments(null, []));
        Assert.Equal([["-f", "avfoundation", "-i", ":1"]], mac.Arguments("1", []));
        var windows = new MicrophoneSystem.DirectShow();
        Assert.Equal([["-f", "dshow", "-i", "audio=Line In"]], windows.Arguments(null, [new Microphone("Line In", "", true)]));
        Assert.Equal([["-f", "dshow", "-i", "audio=Microphone (USB Audio)"]], windows.Arguments("Microphone (USB Audio)", []));
        Assert.Empty(windows.Arguments(null, []));
    }
}
