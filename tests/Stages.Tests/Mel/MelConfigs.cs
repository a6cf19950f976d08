using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Tests.Mel;

/// <summary>The configurations of Golden/make_golden.py.</summary>
internal static class MelConfigs
{
    public static readonly MelOptions Yamnet = new()
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

    public static readonly IReadOnlyDictionary<string, MelOptions> ByName = new Dictionary<string, MelOptions>
    {
        ["default"] = new(),
        ["yamnet"] = Yamnet,
        ["htk"] = Yamnet with { MelTriangle = MelTriangle.LinearInHz, Spectrum = SpectrumKind.Power },
        ["whisper"] = new() { SampleRateHz = 16_000, FftSize = 400, FrameSamples = 400, HopSamples = 160, MelBins = 80, MaxFrequencyHz = 8_000 },
        ["odd"] = new()
        {
            SampleRateHz = 8_000,
            FftSize = 375,
            FrameSamples = 301,
            HopSamples = 97,
            WindowFunction = WindowFunction.HammingPeriodic,
            MelBins = 20,
            MinFrequencyHz = 60,
            MaxFrequencyHz = 3_800,
            MelScale = MelScale.Htk,
            Spectrum = SpectrumKind.Magnitude,
        },
    };

    public static TheoryData<string> Names => [.. ByName.Keys];
}
