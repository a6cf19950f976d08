using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Tests.Mel;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>Contracts that several tests share.</summary>
internal static class TestContracts
{
    /// <summary>Small and quick: half a second at 8 kHz, 16 bands, 4 genres, one patch.</summary>
    public static ModelContract Small { get; } = Fit(new ModelContract
    {
        Name = "small",
        Version = "1.2.3",
        Labels = ["bass", "low", "high", "treble"],
        Mel = new MelOptions
        {
            SampleRateHz = 8_000,
            FftSize = 256,
            FrameSamples = 256,
            HopSamples = 200,
            MelBins = 16,
            MaxFrequencyHz = 4_000,
        },
        WindowSeconds = 0.5,
    });

    /// <summary>The measurement network's: the default front end and ten genres.</summary>
    public static ModelContract BenchCnn { get; } = new()
    {
        Name = "bench-cnn",
        Version = "1",
        Labels = [.. Enumerable.Range(0, 10).Select(i => $"genre {i}")],
        InputName = "mel",
        OutputName = "prob",
        ScoreKind = ScoreKind.Probabilities,
    };

    /// <summary>YAMNet's, from its README.</summary>
    public static ModelContract Yamnet { get; } = new()
    {
        Name = "yamnet",
        Version = "1",
        Labels = [.. Enumerable.Range(0, 521).Select(i => $"class {i}")],
        Mel = MelConfigs.Yamnet,
        WindowSeconds = 3,
        PatchFrames = 96,
        PatchHopFrames = 48,
        FloorBelowMax = null,
        Normalization = WindowNormalization.None,
        Layout = WindowLayout.FrameMajor,
        InputName = "log_mel",
        OutputName = "scores",
        ScoreKind = ScoreKind.IndependentProbabilities,
        License = "Apache-2.0",
    };

    private static ModelContract Fit(ModelContract contract) => contract with { PatchFrames = contract.WindowFrames, PatchHopFrames = contract.WindowFrames };
}
