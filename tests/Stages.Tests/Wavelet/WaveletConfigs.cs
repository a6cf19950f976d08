using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Tests.Wavelet;

/// <summary>The wavelet configurations of Golden/make_golden.py.</summary>
internal static class WaveletConfigs
{
    public static IReadOnlyDictionary<string, MelOptions> ByName { get; } = new Dictionary<string, MelOptions>
    {
        ["default"] = new() { Wavelet = new() },
        ["dyadic"] = new() { HopSamples = 512, Wavelet = new() { Family = WaveletFamily.Sym8, Octaves = 7, Splits = 0 } },
        ["packet"] = Mel.MelConfigs.Yamnet with { Wavelet = new() { Family = WaveletFamily.Db8, Octaves = 0, Splits = 4 } },
        ["haar"] = new()
        {
            SampleRateHz = 8_000,
            FftSize = 512,
            FrameSamples = 301,
            HopSamples = 997,
            MaxFrequencyHz = 4_000,
            Wavelet = new() { Family = WaveletFamily.Haar, Octaves = 2, Splits = 2 },
        },
    };

    public static TheoryData<string> Names => [.. ByName.Keys];
}
