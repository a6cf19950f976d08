using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Tests.Golden;
using StreamGenre.Stages.Tests.Mel;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Windowing;

public sealed class WindowAssemblerTests
{
    private static readonly ModelContract Default = new() { Name = "test", Version = "1", Labels = ["a", "b"] };

    // As it leaves the spectrogram, frame after frame.
    private static readonly ModelContract Bare = Default with
    {
        FloorBelowMax = null,
        Normalization = WindowNormalization.None,
        Layout = WindowLayout.FrameMajor,
    };

    [Fact]
    public void Push_LastSampleOfAWindow_GivesItWithoutLookingAhead()
    {
        var assembler = new WindowAssembler(Default, TimeSpan.FromSeconds(1));
        var windows = new Queue<MelWindow>();

        assembler.Push(new float[66_149], windows);
        Assert.Empty(windows);
        assembler.Push(new float[1], windows);

        var window = Assert.Single(windows);
        Assert.Equal((0, TimeSpan.Zero, TimeSpan.FromSeconds(3), false), (window.Index, window.Start, window.End, window.IsPartial));
        Assert.Equal((1, 39 * 128), (window.PatchCount, window.PatchCells));
    }

    [Fact]
    public void Push_EachWindow_HoldsTheLastFramesBeforeItsEnd()
    {
        var samples = Noise(22_050 * 6);
        var frames = MelSpectrogram.Compute(Bare.Mel, samples);

        var windows = Windows(Bare, 0.7, samples, [samples.Length]);

        Assert.Equal(5, windows.Count);
        for (var i = 0; i < 5; i++)
        {
            // Window i ends at (0.7·i + 3) s; frame f is whole once f·1708 + 1024 samples are there.
            var last = ((15_435 * i) + 66_150 - 1024) / 1708;
            Assert.Equal(frames.AsSpan((last - 38) * 128, 39 * 128), windows[i].Patch(0));
            Assert.Equal(0.7 * i, windows[i].Start.TotalSeconds, 1e-6);
        }
    }

    [Fact]
    public void Push_HopOfNoWholeNumberOfSamples_DoesNotDrift()
    {
        // 0.123456 s are 2722.2048 samples.
        var windows = Windows(Default, 0.123456, new float[22_050 * 40], [4096]);

        var window = windows[290];
        Assert.Equal(0.123456 * 290, window.Start.TotalSeconds, 1.0 / 22_050);
    }

    [Fact]
    public void Push_MelMajor_TurnsTheWindowOver()
    {
        var samples = Noise(66_150);
        var frameMajor = Windows(Bare, 1, samples, [66_150])[0].Patch(0);
        var melMajor = Windows(Bare with { Layout = WindowLayout.MelMajor }, 1, samples, [66_150])[0].Patch(0);

        for (var i = 0; i < frameMajor.Length; i++)
        {
            Assert.Equal(frameMajor[i], melMajor[(i % 128 * 39) + (i / 128)]);
        }
    }

    [Fact]
    public void Push_Floor_RaisesWhatLiesUnderTheWindowsMaximum()
    {
        var samples = Noise(66_150);
        samples.AsSpan(40_000).Clear();
        var bare = Windows(Bare, 1, samples, [66_150])[0].Patch(0).ToArray();

        var floored = Windows(Bare with { FloorBelowMax = 80 }, 1, samples, [66_150])[0].Patch(0).ToArray();

        Assert.Contains(bare, v => v < bare.Max() - 80);
        Assert.Equal(bare.Select(v => Math.Max(v, bare.Max() - 80)), floored);
    }

    [Fact]
    public void Push_Standardize_GivesEveryPatchMeanZeroAndDeviationOne()
    {
        var contract = Default with { PatchFrames = 13, PatchHopFrames = 12 };
        using var window = Windows(contract, 1, Noise(66_150), [66_150])[0];

        Assert.Equal(3, window.PatchCount);
        for (var i = 0; i < 3; i++)
        {
            var cells = window.Patch(i).ToArray();
            var mean = cells.Average(v => (double)v);
            Assert.Equal(0, mean, 1e-6);
            Assert.Equal(1, Math.Sqrt(cells.Average(v => (v - mean) * (v - mean))), 1e-5);
        }
    }

    [Fact]
    public void Push_Silence_StaysFiniteAndReadsTheFloor()
    {
        using var window = Windows(Default, 1, new float[66_150], [66_150])[0];

        Assert.All(window.Patch(0).ToArray(), v => Assert.Equal(0, v, 1e-3));
        Assert.Equal(-120, window.LevelDbfs);
    }

    [Fact]
    public void Push_SeveralPatches_AreRightAligned()
    {
        var contract = Bare with { PatchFrames = 10, PatchHopFrames = 8 };
        var samples = Noise(66_150);
        var frames = Windows(Bare, 1, samples, [66_150])[0].Patch(0).ToArray();

        using var window = Windows(contract, 1, samples, [66_150])[0];

        // 39 frames hold 4 patches of 10 every 8; the last one ends at frame 38, the first begins at 38 − 9 − 24 = 5.
        Assert.Equal(4, window.PatchCount);
        for (var patch = 0; patch < 4; patch++)
        {
            Assert.Equal(frames.AsSpan((5 + (8 * patch)) * 128, 10 * 128), window.Patch(patch));
        }
    }

    [Theory]
    [InlineData(0.5, -6.02)]
    [InlineData(1.0, 0)]
    [InlineData(0.001, -60)]
    public void LevelDbfs_SquareWave_IsItsAmplitude(double amplitude, double expected)
    {
        float[] samples = [.. Enumerable.Range(0, 66_150).Select(n => (float)(n / 20 % 2 == 0 ? amplitude : -amplitude))];

        Assert.Equal(expected, Windows(Default, 1, samples, [66_150])[0].LevelDbfs, 0.01);
    }

    [Fact]
    public void LevelDbfs_LoudBeforeTheWindow_DoesNotCount()
    {
        var samples = new float[22_050 * 4];
        samples.AsSpan(0, 22_050).Fill(1);

        var windows = Windows(Default, 1, samples, [1000]);

        Assert.Equal(10 * Math.Log10(1 / 3.0), windows[0].LevelDbfs, 0.05);
        Assert.Equal(-120, windows[1].LevelDbfs);
    }

    [Theory]
    [InlineData(66_150, 1, false)]
    [InlineData(66_150 + 5_512, 1, false)]
    [InlineData(66_150 + 5_513, 2, true)]
    [InlineData(88_199, 2, true)]
    [InlineData(88_200, 2, false)]
    [InlineData(11_024, 0, false)]
    [InlineData(11_025, 1, true)]
    [InlineData(0, 0, false)]
    public void Complete_AudioBehindTheLastWindow_GivesAPartialOneWhenThereIsEnough(int samples, int count, bool partial)
    {
        var windows = Windows(Default, 1, Noise(samples), [4096]);

        Assert.Equal(count, windows.Count);
        if (count > 0)
        {
            Assert.Equal(partial, windows[^1].IsPartial);
            Assert.Equal(samples == 66_150 + 5_512 ? 3 : samples / 22_050.0, windows[^1].End.TotalSeconds, 1e-6);
            Assert.Equal(count - 1, windows[^1].Index);
        }
    }

    [Fact]
    public void Complete_PartialWindow_HoldsTheLastFrames()
    {
        var samples = Noise(80_000);
        var frames = MelSpectrogram.Compute(Bare.Mel, samples);

        using var window = Windows(Bare, 1, samples, [80_000])[^1];

        var last = (80_000 - 1024) / 1708;
        Assert.Equal(frames.AsSpan((last - 38) * 128, 39 * 128), window.Patch(0));
        Assert.Equal((80_000 - 66_150) / 22_050.0, window.Start.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Complete_StreamShorterThanAWindow_RepeatsItsFrames()
    {
        var samples = Noise(22_050);
        var frames = MelSpectrogram.Compute(Bare.Mel, samples);

        using var window = Windows(Bare, 1, samples, [22_050])[0];

        Assert.True(window.IsPartial);
        // 22,050 samples hold frames 0..12 whole.
        for (var t = 0; t < 39; t++)
        {
            Assert.Equal(frames.AsSpan(t % 13 * 128, 128), window.Patch(0).Slice(t * 128, 128));
        }
    }

    [Fact]
    public void Push_HopLongerThanTheWindow_LeavesAudioOut()
    {
        var windows = Windows(Default, 5, new float[22_050 * 14], [10_000]);

        Assert.Equal([0.0, 5, 10, 11], windows.Select(w => w.Start.TotalSeconds));
        Assert.Equal([false, false, false, true], windows.Select(w => w.IsPartial));
    }

    [Theory]
    [InlineData(0.09)]
    [InlineData(30.1)]
    public void Constructor_HopOutOfRange_SaysWhatIsAllowed(double hop)
    {
        var error = Assert.Throws<ArgumentException>(() => new WindowAssembler(Default, TimeSpan.FromSeconds(hop)));

        Assert.Contains("0.1..30 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_PatchLongerThanTheWindow_IsAContractError()
        => Assert.Throws<ModelContractException>(() => new WindowAssembler(Default with { PatchFrames = 40 }, TimeSpan.FromSeconds(1)));

    [Theory]
    [InlineData(1)]
    [InlineData(0.37)]
    [InlineData(4)]
    public void Push_AnyChunking_EqualsOneChunk(double hop)
    {
        var contract = Default with { Mel = MelConfigs.ByName["odd"], WindowSeconds = 1, PatchFrames = 20, PatchHopFrames = 9 };
        var samples = Noise(8_000 * 6);
        var whole = Windows(contract, hop, samples, [samples.Length]);
        Assert.NotEmpty(whole);

        Chunks.CheckAny(20_000, 30, lengths => WindowsEqual.ToTheBit(whole, Windows(contract, hop, samples, lengths)));
    }

    private static float[] Noise(int count)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, count).Select(n => (float)((random.NextDouble() - 0.5) * (1 + Math.Sin(n / 5_000.0))))];
    }

    private static List<MelWindow> Windows(ModelContract contract, double hop, float[] samples, int[] lengths)
    {
        var assembler = new WindowAssembler(contract, TimeSpan.FromSeconds(hop));
        var windows = new Queue<MelWindow>();
        foreach (var range in Chunks.Cut(samples.Length, lengths))
        {
            assembler.Push(samples.AsSpan(range), windows);
        }

        assembler.Complete(windows);
        return [.. windows];
    }
}
