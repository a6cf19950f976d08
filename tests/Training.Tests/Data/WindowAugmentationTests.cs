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

    [Theory]
    [InlineData(1.25)]
    [InlineData(2)]
    public void Draw_TimeStretch_KeepsThePitchAndChangesTheTempoWithinItsRange(double stretch)
    {
        // One band beats every 10 frames; the beat's period in the window tells the tempo.
        var decibels = new float[128 * 400];
        Array.Fill(decibels, -60);
        for (var frame = 0; frame < 400; frame += 10)
        {
            decibels[(40 * 400) + frame] = 0;
        }

        var clip = new MelClip("beats", 0, "beats", 128, 400, decibels);
        var augmentation = new WindowAugmentation(AugmentationOptions.None with { TimeStretch = stretch }, Contract);
        var periods = new List<double>();
        for (var seed = 0; seed < 60; seed++)
        {
            var window = new float[128 * 39];
            augmentation.Cut(clip, new Random(seed), window);
            var row = window.AsSpan(40 * 39, 39).ToArray();
            var beats = Enumerable.Range(1, 37).Where(f => row[f] > row[f - 1] && row[f] >= row[f + 1]).ToList();
            Assert.InRange(beats.Count, 1, 8);
            if (beats.Count > 1)
            {
                periods.Add((double)(beats[^1] - beats[0]) / (beats.Count - 1));
            }

            Assert.All(window[..(40 * 39)], cell => Assert.Equal(-60, cell, 1e-3f));
        }

        // Beats fall on whole frames, so a period measured over two to seven of them is off by up to half a frame.
        Assert.InRange(periods.Min(), (10 / stretch) - 0.5, 10);
        Assert.InRange(periods.Max(), 10, (10 * stretch) + 0.5);
        Assert.True(periods.Max() / periods.Min() > stretch, $"tempi lie within a factor of {periods.Max() / periods.Min()}");
    }

    [Fact]
    public void Draw_ZoomOut_SqueezesTwiceAsMuchAudioWhereThereIsAsMuch()
    {
        var augmentation = new WindowAugmentation(AugmentationOptions.None with { ZoomOutProbability = 1 }, Contract);
        var (zoomed, plain) = (new float[128 * 39], new float[128 * 39]);

        // Frame f lies at f dB, so a squeezed window rises by 2 dB a frame.
        augmentation.Cut(Rising(100), new Random(1), zoomed);
        augmentation.Cut(Rising(77), new Random(1), plain);

        Assert.All(Enumerable.Range(1, 38), f => Assert.Equal(2, zoomed[f] - zoomed[f - 1], 1e-3f));
        Assert.All(Enumerable.Range(1, 38), f => Assert.Equal(1, plain[f] - plain[f - 1], 1e-3f));
    }

    [Fact]
    public void AddBackground_TenDecibelsUnder_AddsATenthOfThePower()
    {
        var augmentation = new WindowAugmentation(AugmentationOptions.None, Contract);
        var (window, background) = (Window(3), Window(4));
        var before = (float[])window.Clone();

        augmentation.AddBackground(window, background, 10);

        var (own, added) = (before.Average(Power), background.Average(Power));
        Assert.Equal(1.1 * own, window.Average(Power), 1e-4 * own);
        Assert.All(Enumerable.Range(0, window.Length), i => Assert.Equal(
            10 * Math.Log10(Power(before[i]) + (0.1 * own / added * Power(background[i]))), window[i], 1e-3));
    }

    [Fact]
    public void Draw_Background_ComesFromAnotherRecordingInTheShareOfWindowsAskedFor()
    {
        var augmentation = new WindowAugmentation(AugmentationOptions.None with { BackgroundProbability = 0.3 }, Contract);
        var asked = 0;
        MelClip Other(Random random)
        {
            asked++;
            return Rising(60);
        }

        for (var seed = 0; seed < 400; seed++)
        {
            augmentation.Draw(Rising(50), Other, new Random(seed), new float[128 * 39]);
        }

        // Four deviations of 400 draws.
        Assert.InRange(asked, 120 - (4 * Math.Sqrt(400 * 0.3 * 0.7)), 120 + (4 * Math.Sqrt(400 * 0.3 * 0.7)));
    }

    [Fact]
    public void Apply_Gain_MovesEveryCellAlikeByItsDeviation()
    {
        var bare = Contract with { FloorBelowMax = null, Normalization = WindowNormalization.None };
        var augmentation = new WindowAugmentation(AugmentationOptions.None with { GainDecibels = 5 }, bare);
        var gains = Enumerable.Range(0, 300).Select(seed =>
        {
            var (window, before) = (Window(1), Window(1));
            augmentation.Apply(window, new Random(seed));
            Assert.All(window.Zip(before), pair => Assert.Equal(window[0] - before[0], pair.First - pair.Second, 1e-3f));
            return (double)(window[0] - before[0]);
        }).ToList();

        Assert.InRange(Math.Sqrt(gains.Average(gain => gain * gain)), 4.2, 5.8);
    }

    [Fact]
    public void Apply_Masks_BlankNoMoreThanTheirNumberAndWidths()
    {
        var options = AugmentationOptions.None with { MaskProbability = 1, MelMasks = 3, MaskMelBins = 5, FrameMasks = 2, MaskFrames = 4 };
        var augmentation = new WindowAugmentation(options, Contract);
        var (mostRows, mostFrames) = (0, 0);
        for (var seed = 0; seed < 100; seed++)
        {
            var window = Window(seed);
            augmentation.Apply(window, new Random(seed));
            var rows = Enumerable.Range(0, 128).Count(row => window.AsSpan(row * 39, 39).IndexOfAnyExcept(0f) < 0);
            var frames = Enumerable.Range(0, 39).Count(frame => Enumerable.Range(0, 128).All(row => window[(row * 39) + frame] == 0));
            (mostRows, mostFrames) = (Math.Max(mostRows, rows), Math.Max(mostFrames, frames));
        }

        Assert.InRange(mostRows, 6, 15);
        Assert.InRange(mostFrames, 5, 8);
    }

    [Fact]
    public void Apply_MaskedBand_TakesTheWaveletBandsInItAlong()
    {
        var contract = Contract with { Mel = new() { Wavelet = new() } };
        var augmentation = new WindowAugmentation(AugmentationOptions.None with { MaskProbability = 1, MaskMelBins = 100, MaskFrames = 0 }, contract);
        var centers = contract.Mel.Wavelet!.CentersHz(22_050);
        var mels = MelBands.CentersHz(contract.Mel);
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            float[] window = [.. Enumerable.Range(0, 176 * 39).Select(_ => (float)random.Uniform(-80, 0))];
            augmentation.Apply(window, random);
            var blank = Enumerable.Range(0, 176).Where(row => window.AsSpan(row * 39, 39).IndexOfAnyExcept(0f) < 0).ToList();
            var bins = blank.Where(row => row < 128).ToList();
            var (low, high) = bins.Count > 0 ? (mels[bins[0]], mels[bins[^1]]) : (0, 0);
            Assert.All(blank.Where(row => row >= 128), row => Assert.InRange(centers[row - 128], low * 0.9, high * 1.1));
            Assert.All(Enumerable.Range(0, 48).Where(band => centers[band] > low && centers[band] < high), band => Assert.Contains(128 + band, blank));
        }
    }

    [Fact]
    public void Draw_EverythingOnWithWaveletBands_StaysFiniteAndRepeatsBySeed()
    {
        var contract = Contract with { Mel = new() { Wavelet = new() } };
        var options = new AugmentationOptions
        {
            TimeStretch = 1.25, ZoomOutProbability = 0.3, BackgroundProbability = 0.5, GainDecibels = 6, NoiseProbability = 1, MelMasks = 2, FrameMasks = 2,
        };
        var augmentation = new WindowAugmentation(options, contract);
        var random = new Random(1);
        var clip = new MelClip("c", 0, "c", 176, 120, Enumerable.Range(0, 176 * 120).Select(_ => (float)random.Uniform(-90, 0)).ToArray());
        for (var seed = 0; seed < 50; seed++)
        {
            var (first, second) = (new float[176 * 39], new float[176 * 39]);
            augmentation.Draw(clip, _ => clip, new Random(seed), first);
            augmentation.Draw(clip, _ => clip, new Random(seed), second);

            Assert.All(first, cell => Assert.True(float.IsFinite(cell)));
            Assert.Equal(first, second);
        }
    }

    [Theory]
    [InlineData(0.99, "time-stretch is 0.99; it must be 1..2")]
    [InlineData(2.5, "time-stretch is 2.5; it must be 1..2")]
    [InlineData(double.NaN, "time-stretch is NaN")]
    public void Errors_TimeStretchOutOfRange_NamesTheLimits(double stretch, string expected)
        => Assert.StartsWith(expected, Assert.Single(new AugmentationOptions { TimeStretch = stretch }.Errors()), StringComparison.Ordinal);

    [Fact]
    public void Constructor_OptionsOutOfRange_NamesThemAll()
    {
        var error = Assert.Throws<TrainingException>(() =>
            new WindowAugmentation(new AugmentationOptions { NoiseProbability = 1.5, MixupAlpha = -1 }, Contract));

        Assert.Contains("noise is 1.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("mixup is -1", error.Message, StringComparison.Ordinal);
    }

    private static double Power(float decibels) => Math.Pow(10, decibels / 10.0);

    private static MelClip Rising(int frames) =>
        new("rising", 0, "rising", 128, frames, Enumerable.Range(0, 128 * frames).Select(i => (float)(i % frames)).ToArray());

    private static float[] Window(int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, 128 * 39).Select(_ => (float)random.Uniform(-80, 0)).ToArray();
    }
}
