using FsCheck;
using FsCheck.Fluent;

using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class SplitsTests
{
    [Fact]
    public void Random_NinetyFiveFive_HoldsThoseSharesOfTheWholeAndOfEveryGenre()
    {
        var set = Set(200, i => i % 4, i => $"artist {i}");

        var sets = Splits.Apply(set, SplitRule.Parse("random:0.9/0.05/0.05"), seed: 3);

        Assert.Equal((180, 10, 10), (sets.Training.Clips.Count, sets.Validation.Clips.Count, sets.Test.Clips.Count));
        Assert.All(sets.Validation.CountByLabel(), count => Assert.InRange(count, 2, 3));
        Assert.All(sets.Test.CountByLabel(), count => Assert.InRange(count, 2, 3));
    }

    [Fact]
    public void Random_SeveralClipsOfATrack_StayTogether()
    {
        var cells = new DecibelFrames(new float[2], 1, 2);
        var set = new MelSet(["x"], Enumerable.Range(0, 60).Select(i => new MelClip($"{i}", [0], $"{i}", cells) { Track = $"track {i / 3}" }).ToList());

        var sets = Splits.Apply(set, SplitRule.Parse("random:0.6/0.4"), seed: 1);

        Assert.Equal((36, 24), (sets.Training.Clips.Count, sets.Validation.Clips.Count));
        Assert.Empty(sets.Training.Clips.Select(clip => clip.Track).Intersect(sets.Validation.Clips.Select(clip => clip.Track)));
    }

    [Fact]
    public void AnyShares_AnySet_PutEveryClipOnOneSideWhateverTheOrder() =>
        Prop.ForAll(Gen.Choose(4, 60).Two().ToArbitrary(), draw =>
        {
            var (clips, artists) = draw;
            var set = Set(clips, i => i % 3, i => $"artist {i % artists}");
            return new[] { "random:0.6/0.3/0.1", "artist:0.6/0.3/0.1" }.All(text =>
            {
                var rule = SplitRule.Parse(text);
                var sets = Splits.Apply(set, rule, seed: clips);
                var again = Splits.Apply(new MelSet(set.Labels, set.Clips.Reverse().ToList()), rule, seed: clips);
                var all = new[] { sets.Training, sets.Validation, sets.Test };
                var artistsOf = all.Select(side => side.Clips.Select(clip => clip.Group).Distinct().Count()).Sum();
                return sets.LeftOut == 0
                    && all.SelectMany(side => side.Clips).Select(clip => clip.Id).ToHashSet().SetEquals(set.Clips.Select(clip => clip.Id))
                    && all.Sum(side => side.Clips.Count) == clips
                    && (text[0] == 'r' || artistsOf == set.Clips.Select(clip => clip.Group).Distinct().Count())
                    && again.Test.Clips.Select(clip => clip.Id).ToHashSet().SetEquals(sets.Test.Clips.Select(clip => clip.Id));
            });
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("random:0.6/0.2/0.2")]
    [InlineData("artist:0.6/0.2/0.2")]
    public void Shares_AllFolds_HoldEveryClipOutsideTheTestSideOnce(string rule)
    {
        var set = Set(50, i => i % 2, i => $"artist {i % 25}");

        var folds = Enumerable.Range(0, 4).Select(fold => Splits.Apply(set, SplitRule.Parse(rule), 5, fold)).ToList();

        Assert.All(folds, fold => Assert.Equal(Ids(folds[0].Test), Ids(fold.Test)));
        var held = folds.SelectMany(fold => fold.Validation.Clips).Concat(folds[0].Test.Clips).Select(clip => clip.Id).Order(StringComparer.Ordinal);
        Assert.Equal(Ids(set), held);
    }

    [Fact]
    public void Official_WordsOfSeveralSets_AreUnderstood()
    {
        var words = new[] { "training", "validation", "test", "train", "valid" };
        var set = new MelSet(["x"], words.Select((word, i) => Clip($"{i}", 0, split: word)).Append(Clip("5", 0)).ToList());

        var sets = Splits.Apply(set, SplitRule.Parse("official"), 1);

        Assert.Equal(["0", "3"], Ids(sets.Training));
        Assert.Equal(["1", "4"], Ids(sets.Validation));
        Assert.Equal(["2"], Ids(sets.Test));
        Assert.Equal(1, sets.LeftOut);
    }

    [Fact]
    public void Official_SetWithoutOneOrWithOtherWords_SaysWhatToDo()
    {
        Assert.Contains("no split of its own", Error(Set(4, _ => 0, i => $"{i}"), "official"), StringComparison.Ordinal);
        Assert.Contains("'dev'", Error(new MelSet(["x"], [Clip("a", 0, split: "dev")]), "official"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blues/blues.00001.wav", "blues/blues.00002.wav", "blues.00001")]
    [InlineData("blues.00001", "blues.00002", "blues/blues.00001.au")]
    [InlineData("blues\\blues.00001.au", "blues.00002.au", "blues.00001")]
    public void Lists_EitherFormOfLine_FindsTheClipsAndLeavesOutTheOthers(string train, string valid, string id)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("train_filtered.txt"), $"{train}\n\njazz/jazz.00054.wav\n");
        File.WriteAllText(folder.In("valid_filtered.txt"), valid + "\r\n");
        var set = new MelSet(["x"], [Clip(id, 0), Clip(id.Replace("00001", "00002", StringComparison.Ordinal), 0), Clip("blues.00099", 0)]);

        var sets = Splits.Apply(set, SplitRule.Parse($"lists:{folder.Path}"), 1);

        Assert.Equal([id], Ids(sets.Training));
        Assert.Single(sets.Validation.Clips);
        Assert.Empty(sets.Test.Clips);
        Assert.Equal(1, sets.LeftOut);
    }

    [Fact]
    public void Lists_SameFileNameInTwoGenres_GoesByTheWholeName()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("train_filtered.txt"), "pop/00.wav\n");
        File.WriteAllText(folder.In("test_filtered.txt"), "rock/00.wav\n");
        var sets = Splits.Apply(new MelSet(["x"], [Clip("rock/00.mp3", 0), Clip("pop/00.mp3", 0)]), SplitRule.Parse($"lists:{folder.Path}"), 1);

        Assert.Equal(["pop/00.mp3"], Ids(sets.Training));
        Assert.Equal(["rock/00.mp3"], Ids(sets.Test));
    }

    [Fact]
    public void Lists_OnTwoListsOrOnNone_IsAnError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.In("train_filtered.txt"), "a\nb\n");
        File.WriteAllText(folder.In("test_filtered.txt"), "b\n");

        Assert.Contains("two lists", Error(new MelSet(["x"], [Clip("b", 0)]), $"lists:{folder.Path}"), StringComparison.Ordinal);
        Assert.Contains("no recording", Error(new MelSet(["x"], [Clip("z", 0)]), $"lists:{folder.Path}"), StringComparison.Ordinal);
        Assert.Contains("train_filtered.txt", Error(new MelSet(["x"], [Clip("z", 0)]), "lists:/nowhere"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("window:0.9/0.1")]
    [InlineData("random")]
    [InlineData("random:0.9")]
    [InlineData("random:0.9/0.2")]
    [InlineData("random:0.9/x")]
    [InlineData("random:0.7/0.1/0.1/0.1")]
    [InlineData("artist:-0.5/1.5")]
    [InlineData("lists")]
    [InlineData("official:x")]
    public void Parse_NoSplit_SaysWhatIsOne(string text) => Assert.Contains($"'{text}'", Assert.Throws<TrainingException>(() => SplitRule.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Folds_AnySet_HoldEveryClipOnceAndNeverSplitAnArtist() =>
        Prop.ForAll(Gen.Choose(6, 60).Two().ToArbitrary(), draw =>
        {
            var (clips, artists) = draw;
            var set = Set(clips, i => i % 3, i => $"artist {i % artists}");
            var folds = Splits.Folds(set, 4, seed: clips);
            var again = Splits.Folds(new MelSet(set.Labels, set.Clips.Reverse().ToList()), 4, seed: clips);
            return folds.SelectMany(fold => Ids(fold.Held)).Order(StringComparer.Ordinal).SequenceEqual(Ids(set))
                && folds.All(fold => fold.Kept.Clips.Count + fold.Held.Clips.Count == clips)
                && folds.All(fold => !fold.Kept.Clips.Select(clip => clip.Group).Intersect(fold.Held.Clips.Select(clip => clip.Group)).Any())
                && folds.Zip(again).All(pair => Ids(pair.First.Held).SequenceEqual(Ids(pair.Second.Held)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Folds_UnevenGenresAndArtists_GiveEachBlockItsShareOfEveryGenre()
    {
        // 100 clips of one genre by artists of 1..9 pieces, 20 of another by single ones.
        var set = Set(120, i => i < 100 ? 0 : 1, i => i < 100 ? $"artist {(int)Math.Sqrt(i * 4)}" : $"solo {i}");

        var counts = Splits.Folds(set, 5, seed: 1).Select(fold => fold.Held.CountByLabel()).ToList();

        Assert.All(counts, count => Assert.InRange(count[0], 18, 22));
        Assert.All(counts, count => Assert.InRange(count[1], 3, 5));
    }

    [Fact]
    public void Folds_MoreThanArtists_SaysHowManyArePossible() =>
        Assert.Contains("2..3", Assert.Throws<TrainingException>(() => Splits.Folds(Set(9, _ => 0, i => $"{i % 3}"), 4, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void IsMultiLabel_AClipOfTwoGenres_SaysSoAndCountsAtEach()
    {
        var cells = new DecibelFrames(new float[2], 1, 2);
        var set = new MelSet(["a", "b", "c"], [new MelClip("1", [2, 0], "1", cells), new MelClip("2", [0], "2", cells)]);
        var union = MelSet.Union([new MelSet(["z", "c"], [new MelClip("3", [1], "3", cells)]), set]);

        Assert.True(set.IsMultiLabel);
        Assert.Equal([2, 0, 1], set.CountByLabel());
        Assert.Equal(["c", "a"], union.Clips[1].Labels.Select(label => union.Labels[label]));
        Assert.False(new MelSet(set.Labels, [set.Clips[1]]).IsMultiLabel);
        Assert.Throws<TrainingException>(() => new MelSet(["a", "b"], set.Clips));
    }

    private static string Error(MelSet set, string rule) => Assert.Throws<TrainingException>(() => Splits.Apply(set, SplitRule.Parse(rule), 1)).Message;

    private static IEnumerable<string> Ids(MelSet set) => set.Clips.Select(clip => clip.Id).Order(StringComparer.Ordinal);

    private static MelSet Set(int clips, Func<int, int> label, Func<int, string> artist) => new(
        Enumerable.Range(0, Enumerable.Range(0, clips).Max(label) + 1).Select(i => $"genre {i}").ToList(),
        Enumerable.Range(0, clips).Select(i => Clip($"{i:D3}", label(i), artist(i))).ToList());

    private static MelClip Clip(string id, int label, string? artist = null, string? split = null) =>
        new(id, [label], artist ?? id, new DecibelFrames(new float[2], 1, 2)) { Split = split };
}
