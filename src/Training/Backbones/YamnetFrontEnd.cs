using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Backbones;

/// <summary>What YAMNet hears (github.com/tensorflow/models, research/audioset/yamnet): pictures of 96 frames by 64 bands.</summary>
internal static class YamnetFrontEnd
{
    /// <summary>Frames of a picture: 0.96 s.</summary>
    public const int Frames = 96;

    /// <summary>16 kHz, 25 ms every 10 ms, magnitude, 64 HTK bands from 125 Hz to 7.5 kHz, ln(x + 0.001).</summary>
    public static MelOptions Mel { get; } = new()
    {
        SampleRateHz = 16_000,
        FftSize = 512,
        FrameSamples = 400,
        HopSamples = 160,
        Centered = false,
        MelBins = 64,
        MinFrequencyHz = 125,
        MaxFrequencyHz = 7_500,
        MelScale = MelScale.Htk,
        MelNorm = MelNorm.None,
        MelTriangle = MelTriangle.LinearInMel,
        Spectrum = SpectrumKind.Magnitude,
        LogRule = LogRule.NaturalWithOffset,
        LogOffset = 0.001,
    };
}
