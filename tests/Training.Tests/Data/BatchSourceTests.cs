using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class BatchSourceTests
{
    private static readonly ModelContract Contract = new() { Name = "t", Version = "1", Labels = ["rare", "common"] };
    private static readonly BatchOptions Unvaried = new() { Augmentation = AugmentationOptions.None, Seed = 1 };

    [Fact]
    public void Fill_UnevenSet_DrawsLabelsEvenly()
    {
        var source = new BatchSource(Set(), Contract, Unvaried);
        var counts = new double[2];
        for (var batch = 0; batch < 50; batch++)
        {
            var targets = Draw(source, 16, batch).Targets;
            counts[0] += targets.Where((_, i) => i % 2 == 0).Sum();
            counts[1] += targets.Where((_, i) => i % 2 == 1).Sum();
        }

        Assert.Equal(800, counts.Sum());
        // Four deviations of a fair draw of 800.
        Assert.InRange(counts[0], 400 - (4 * Math.Sqrt(200)), 400 + (4 * Math.Sqrt(200)));
    }

    [Fact]
    public void Fill_SmoothedAndMixed_GivesDistributions()
    {
        var (_, targets) = Draw(new BatchSource(Set(), Contract, new BatchOptions { LabelSmoothing = 0.1, Seed = 1 }), 32);

        foreach (var row in targets.Chunk(2))
        {
            Assert.Equal(1, row.Sum(), 1e-5);
            Assert.All(row, share => Assert.InRange(share, 0.05f - 1e-6f, 0.95f + 1e-6f));
        }
    }

    [Fact]
    public void Fill_SameSeedAndStep_GivesTheSameBitsWhateverWasDrawnBefore()
    {
        var source = new BatchSource(Set(), Contract, new BatchOptions { LabelSmoothing = 0.1, Seed = 4 });
        var before = Draw(source, 8, 2);

        var again = Draw(source, 8, 3);

        var alone = Draw(new BatchSource(Set(), Contract, new BatchOptions { LabelSmoothing = 0.1, Seed = 4 }), 8, 3);
        Assert.Equal(alone.X, again.X);
        Assert.Equal(alone.Targets, again.Targets);
        Assert.NotEqual(before.X, again.X);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(0, 0.1)]
    [InlineData(0.5, 0.25)]
    public void Fill_Balance_DrawsALabelInProportionToItsClipsToThePower(double balance, double rareShare)
    {
        var source = new BatchSource(Set(), Contract, Unvaried with { Balance = balance });

        var rare = Enumerable.Range(0, 50).Sum(step => Draw(source, 16, step).Targets.Where((_, i) => i % 2 == 0).Sum());

        var deviation = Math.Sqrt(800 * rareShare * (1 - rareShare));
        Assert.InRange(rare, (800 * rareShare) - (4 * deviation), (800 * rareShare) + (4 * deviation));
    }

    [Fact]
    public void Fill_ClipOfSeveralGenres_SaysYesToEach()
    {
        var both = new MelClip("c", [0, 2], "c", Clip(0, 45).Cells);
        var source = new BatchSource(
            new MelSet(["a", "b", "c"], [both, Clip(1, 45)]),
            Contract with { Labels = ["a", "b", "c"] },
            Unvaried with { IsMultiLabel = true, LabelSmoothing = 0.1 });

        var (x, targets) = (new float[16 * 128 * 39], new float[16 * 3]);
        source.Fill(0, x, targets);

        Assert.All(targets.Chunk(3), row => Assert.Contains(string.Join(' ', row.Select(value => $"{value:F2}")), new[] { "0.95 0.05 0.95", "0.05 0.95 0.05" }));
    }

    [Fact]
    public void Fill_UnlabelledPart_FillsItsShareWithoutTargets()
    {
        var source = new BatchSource(Set(), Contract, Unvaried with { UnlabelledShare = 0.25 }, new MelSet(["unknown"], [Clip(0, 50)]));

        var targets = Draw(source, 16).Targets.Chunk(2).ToArray();

        Assert.Equal(12, targets.Count(row => row.Sum() == 1));
        Assert.Equal(4, targets.Count(row => row.Sum() == 0));
    }

    [Fact]
    public void Constructor_LabelWithoutLongEnoughClip_NamesIt()
    {
        var set = new MelSet(["rare", "common"], [Clip(0, 38), Clip(1, 60)]);

        var error = Assert.Throws<TrainingException>(() => new BatchSource(set, Contract, Unvaried));

        Assert.Contains("'rare'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_WindowsOnAGrid_BeginAtWholeMultiplesOfTheHop()
    {
        // Every cell holds its frame's number: 0, 20 and 40 are the places of 39 frames in 85.
        var cells = Enumerable.Range(0, 128 * 85).Select(i => (float)(i % 85)).ToArray();
        var contract = Contract with { FloorBelowMax = null, Normalization = WindowNormalization.None };
        var set = new MelSet(["a", "b"], [new MelClip("a", 0, "a", 128, 85, cells), new MelClip("b", 1, "b", 128, 85, cells)]);

        var (x, _) = Draw(new BatchSource(set, contract, Unvaried with { WindowHopSeconds = 20 * 1708 / 22_050.0 }), 40);

        Assert.Equal([0f, 20f, 40f], x.Chunk(128 * 39).Select(window => window[0]).Distinct().Order());
    }

    [Fact]
    public void Constructor_GenreWithoutClips_NamesItAndTheWaysOut()
    {
        var error = Assert.Throws<TrainingException>(() => new BatchSource(new MelSet(["rare", "common"], [Clip(1, 50)]), Contract, Unvaried));

        Assert.Contains("no clip of 'rare'", error.Message, StringComparison.Ordinal);
        Assert.Contains("--without rare", error.Message, StringComparison.Ordinal);
    }

    private static (float[] X, float[] Targets) Draw(BatchSource source, int batch, int step = 0)
    {
        var (x, targets) = (new float[batch * 128 * 39], new float[batch * 2]);
        source.Fill(step, x, targets);
        return (x, targets);
    }

    private static MelSet Set() => new(["rare", "common"], [Clip(0, 45), .. Enumerable.Range(0, 9).Select(_ => Clip(1, 50))]);

    private static MelClip Clip(int label, int frames)
    {
        var random = new Random(label + frames);
        return new MelClip("c", label, "c", 128, frames, Enumerable.Range(0, 128 * frames).Select(_ => (float)random.Uniform(-80, 0)).ToArray());
    }
}
