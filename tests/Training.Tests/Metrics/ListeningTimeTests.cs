using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Metrics;

public class ListeningTimeTests
{
    [Fact]
    public void Of_GenreThatComesThroughLater_IsRightFromWhereTheMeanTurns()
    {
        // The true genre is heard from the 7th window on, as surely as the other before: the mean turns when the second half outweighs the first.
        var scored = Scored(window => window < 6 ? [2, 0] : [0, 3], frames: 387);

        var curve = ListeningTime.Of(scored, 1, [0, 1]);

        Assert.Equal(Enumerable.Range(1, 30), curve.Select(point => point.Seconds));
        Assert.All(curve.Take(2), point => Assert.Null(point.Accuracy));
        Assert.All(curve.Skip(2).Take(6), point => Assert.Equal(0, point.Accuracy));
        Assert.Equal(1, curve[^1].Accuracy);
        Assert.Equal(curve.Select(point => point.Accuracy ?? 0).Order(), curve.Select(point => point.Accuracy ?? 0));
    }

    [Fact]
    public void Of_ShortClip_KeepsItsLastAnswerAndIsNotCountedAsLasting()
    {
        // Two windows: at 3 and at 4 s.
        var scored = Scored(window => window == 0 ? [1, 0] : [0, 3], frames: 39 + 13);

        var curve = ListeningTime.Of(scored, 1, [0, 1]);

        Assert.Equal([0, 1, 1], curve.Skip(2).Take(3).Select(point => point.Accuracy));
        Assert.Equal([1, 1, 0], curve.Skip(2).Take(3).Select(point => point.Clips));
    }

    private static ScoredSet Scored(Func<int, float[]> logits, int frames)
    {
        // Each cell holds its frame's number, and the contract leaves it alone, so that the stand-in model can tell the window.
        var cells = Enumerable.Range(0, 128 * frames).Select(i => (float)(i % frames)).ToArray();
        var contract = new ModelContract { Name = "t", Version = "1", Labels = ["a", "b"], FloorBelowMax = null, Normalization = WindowNormalization.None };
        return ScoredSet.Score(
            new MelSet(["a", "b"], [new MelClip("x", 1, "x", 128, frames, cells)]),
            contract,
            x => x.ToArray().Chunk(128 * 39).SelectMany(window => logits((int)window[0] / 13)).ToArray());
    }
}
