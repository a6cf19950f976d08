using FsCheck;
using FsCheck.Fluent;

using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class MelSetTests
{
    [Fact]
    public void Union_PartsWithOtherLabels_MatchesThemByName()
    {
        var first = new MelSet(["blues", "pop"], [Clip("a", 0), Clip("b", 1)]);
        var second = new MelSet(["electronic", "pop"], [Clip("c", 0), Clip("d", 1)]);

        var union = MelSet.Union([first, second]);

        Assert.Equal(["blues", "pop", "electronic"], union.Labels);
        Assert.Equal(["blues", "pop", "electronic", "pop"], union.Clips.Select(clip => union.Labels[clip.Label]));
        Assert.Equal([1, 2, 1], union.CountByLabel());
    }

    [Fact]
    public void HoldOut_AnySet_NeverSplitsAnArtistAndRepeats() =>
        Prop.ForAll(Gen.Choose(1, 40).Two().ToArbitrary(), draw =>
        {
            var (clips, artists) = draw;
            var set = new MelSet(["x"], Enumerable.Range(0, clips).Select(i => Clip($"{i}", 0, $"artist {i % artists}")).ToList());
            var (kept, held) = set.HoldOut(0.25, seed: clips);
            var (again, _) = new MelSet(["x"], set.Clips.Reverse().ToList()).HoldOut(0.25, seed: clips);
            return kept.Clips.Count + held.Clips.Count == clips
                && held.Clips.Count > 0
                && !kept.Clips.Select(clip => clip.Group).Intersect(held.Clips.Select(clip => clip.Group)).Any()
                && again.Clips.Select(clip => clip.Id).ToHashSet().SetEquals(kept.Clips.Select(clip => clip.Id));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void HoldOut_AllFolds_HoldEveryArtistOnce()
    {
        var set = new MelSet(["x"], Enumerable.Range(0, 30).Select(i => Clip($"{i}", 0, $"artist {i % 12}")).ToList());

        var held = Enumerable.Range(0, 4).SelectMany(fold => set.HoldOut(0.25, 7, fold).Held.Clips.Select(clip => clip.Id)).ToList();

        Assert.Equal(set.Clips.Select(clip => clip.Id).Order(StringComparer.Ordinal), held.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(-0.1, 0)]
    [InlineData(1, 0)]
    [InlineData(0.5, 2)]
    public void HoldOut_ShareOrFoldOutOfRange_Throws(double share, int fold) =>
        Assert.Throws<TrainingException>(() => new MelSet(["x"], [Clip("a", 0), Clip("b", 0)]).HoldOut(share, 1, fold));

    private static MelClip Clip(string id, int label, string? artist = null) => new(id, label, artist ?? id, 1, 2, new float[2]);
}
