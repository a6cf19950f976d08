using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class BatchSourceTests
{
    private static readonly ModelContract Contract = new() { Name = "t", Version = "1", Labels = ["rare", "common"] };

    [Fact]
    public void Fill_UnevenSet_DrawsLabelsEvenly()
    {
        var source = new BatchSource(Set(), Contract, AugmentationOptions.None, 0, 1);
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
        var (_, targets) = Draw(new BatchSource(Set(), Contract, new AugmentationOptions(), 0.1, 1), 32);

        foreach (var row in targets.Chunk(2))
        {
            Assert.Equal(1, row.Sum(), 1e-5);
            Assert.All(row, share => Assert.InRange(share, 0.05f - 1e-6f, 0.95f + 1e-6f));
        }
    }

    [Fact]
    public void Fill_SameSeedAndStep_GivesTheSameBitsWhateverWasDrawnBefore()
    {
        var source = new BatchSource(Set(), Contract, new AugmentationOptions(), 0.1, 4);
        var before = Draw(source, 8, 2);

        var again = Draw(source, 8, 3);

        var alone = Draw(new BatchSource(Set(), Contract, new AugmentationOptions(), 0.1, 4), 8, 3);
        Assert.Equal(alone.X, again.X);
        Assert.Equal(alone.Targets, again.Targets);
        Assert.NotEqual(before.X, again.X);
    }

    [Fact]
    public void Constructor_LabelWithoutLongEnoughClip_NamesIt()
    {
        var set = new MelSet(["rare", "common"], [Clip(0, 38), Clip(1, 60)]);

        var error = Assert.Throws<TrainingException>(() => new BatchSource(set, Contract, AugmentationOptions.None, 0, 1));

        Assert.Contains("'rare'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_WindowsOnAGrid_BeginAtWholeMultiplesOfTheHop()
    {
        // Every cell holds its frame's number: 0, 20 and 40 are the places of 39 frames in 85.
        var cells = Enumerable.Range(0, 128 * 85).Select(i => (float)(i % 85)).ToArray();
        var contract = Contract with { FloorBelowMax = null, Normalization = WindowNormalization.None };
        var set = new MelSet(["a", "b"], [new MelClip("a", 0, "a", 128, 85, cells), new MelClip("b", 1, "b", 128, 85, cells)]);

        var (x, _) = Draw(new BatchSource(set, contract, AugmentationOptions.None, 0, 1, hopFrames: 20), 40);

        Assert.Equal([0f, 20f, 40f], x.Chunk(128 * 39).Select(window => window[0]).Distinct().Order());
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
