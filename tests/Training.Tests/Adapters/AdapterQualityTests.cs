using StreamGenre.Training.Adapters;

namespace StreamGenre.Training.Tests.Adapters;

public class AdapterQualityTests
{
    private static readonly float[][] Heard = [[1, 2, 0], [3, 1, 1], [2, 5, 4]];

    [Fact]
    public void Of_TheSameFeatures_IsOne() => Assert.Equal(new AdapterQuality(1, 1), Rounded(AdapterQuality.Of(Heard, Heard)));

    [Fact]
    public void Of_TheMeanForAll_ExplainsNothing()
    {
        float[] mean = [2, 8 / 3f, 5 / 3f];

        Assert.Equal(0, AdapterQuality.Of([mean, mean, mean], Heard).Explained, 1e-6);
    }

    [Fact]
    public void Of_AnOffsetOnAll_LeavesTheCosine() =>
        Assert.Equal(1, AdapterQuality.Of(Heard.Select(row => row.Select(value => value + 7).ToArray()).ToList(), Heard).Cosine, 1e-6);

    private static AdapterQuality Rounded(AdapterQuality quality) => new(Math.Round(quality.Explained, 6), Math.Round(quality.Cosine, 6));
}
