using FsCheck;
using FsCheck.Fluent;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class WindowAugmentationTests
{
    private static readonly ModelContract Contract = new() { Name = "t", Version = "1", Labels = ["a", "b"] };

    [Fact]
    public void Apply_AnyWindow_StaysFiniteAndStandardised() =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var window = Window(seed);
            new WindowAugmentation(new AugmentationOptions { MaskProbability = 0, ShiftMelBins = 3 }, Contract).Apply(window, new Random(seed));
            var mean = window.Average(cell => (double)cell);
            var deviation = Math.Sqrt(window.Average(cell => (cell - mean) * (cell - mean)));
            return window.All(float.IsFinite) && Math.Abs(mean) < 1e-3 && Math.Abs(deviation - 1) < 1e-3;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Apply_SameSeed_GivesTheSameBits()
    {
        var (first, second) = (Window(1), Window(1));
        var augmentation = new WindowAugmentation(new AugmentationOptions(), Contract);

        augmentation.Apply(first, new Random(5));
        augmentation.Apply(second, new Random(5));

        Assert.Equal(first, second);
    }

    [Fact]
    public void Apply_NoVariation_OnlyNormalises()
    {
        var (window, expected) = (Window(2), Window(2));
        WindowNormalizer.Apply(expected, 80, WindowNormalization.Standardize);

        new WindowAugmentation(AugmentationOptions.None, Contract).Apply(window, new Random(1));

        Assert.Equal(expected, window);
    }

    [Fact]
    public void Apply_LowPass_TakesTheTopAwayAndLeavesTheBottom()
    {
        var options = AugmentationOptions.None with { LowPassProbability = 1 };
        var window = new float[128 * 39];
        var random = new Random(3);
        for (var i = 0; i < window.Length; i++)
        {
            window[i] = (float)random.Uniform(-30, 0);
        }

        // A draw whose cut-off lies well inside the mel range.
        var seed = Enumerable.Range(0, 1000).First(candidate =>
        {
            var draw = new Random(candidate);
            return !draw.Chance(0) && draw.Chance(1) && draw.LogUniform(options.LowPassMinHz, 11_025 * 1.05) < 5000 && draw.Uniform(24, 200) > 100;
        });
        new WindowAugmentation(options, Contract).Apply(window, new Random(seed));

        var lowest = window.Min();
        Assert.All(window[(126 * 39)..], cell => Assert.Equal(lowest, cell, 1e-4f));
        Assert.True(window[..(60 * 39)].Average() > lowest + 1);
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_NamesThemAll()
    {
        var error = Assert.Throws<TrainingException>(() =>
            new WindowAugmentation(new AugmentationOptions { NoiseProbability = 1.5, MixupAlpha = -1 }, Contract));

        Assert.Contains("NoiseProbability is 1.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("MixupAlpha is -1", error.Message, StringComparison.Ordinal);
    }

    private static float[] Window(int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, 128 * 39).Select(_ => (float)random.Uniform(-80, 0)).ToArray();
    }
}
