using StreamGenre.Stages.Contract;
using StreamGenre.Training.Adapters;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Data;
using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Tests.Adapters;

public class PairVariationTests
{
    private const int Frames = 4;

    private static readonly MelOptions Own = new FrontEnd().Contract("window", "0", ["one", "other"]).Mel;

    private static readonly PairVariation Variation = new(Own);

    [Fact]
    public void Add_AsLoudASound_DoublesThePowerInBothFrontEnds()
    {
        var (x, pictures) = Flat(-30, 0.5);
        var (otherX, otherPictures) = Flat(-50, 0.05);

        Variation.Add(x, otherX, pictures, otherPictures, decibels: 0);

        Assert.All(x, cell => Assert.Equal(-30 + (10 * Math.Log10(2)), cell, 1e-3));
        Assert.All(pictures, cell => Assert.Equal(Math.Log((0.5 * Math.Sqrt(2)) + 0.001), cell, 1e-3));
    }

    [Fact]
    public void Filter_ManyDraws_ColourBothFrontEndsAlike()
    {
        var (ownHz, heardHz) = (MelBands.CentersHz(Own), MelBands.CentersHz(YamnetFrontEnd.Mel));
        var coloured = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var (x, pictures) = Flat(-10, 100);

            Variation.Filter(new Random(seed), x, pictures);

            var own = Enumerable.Range(0, ownHz.Length).Select(row => x[row * Frames] + 10.0).ToArray();
            var heard = Enumerable.Range(0, heardHz.Length).Select(row => 20 * Math.Log10((Math.Exp(pictures[row * Frames]) - 0.001) / 100)).ToArray();
            coloured += own.Max() - own.Min() > 1 ? 1 : 0;
            for (var row = 0; row < heardHz.Length; row++)
            {
                // What lies 60 dB down drowns in the offset of the backbone's logarithm.
                if (heard[row] > -60)
                {
                    Assert.Equal(At(heardHz[row], ownHz, own), heard[row], 1.5);
                }
            }
        }

        Assert.InRange(coloured, 6, 18);
    }

    private static (float[] X, float[] Pictures) Flat(double decibels, double magnitude)
    {
        var (x, pictures) = (new float[Own.MelBins * Frames], new float[YamnetFrontEnd.Mel.MelBins * Frames]);
        Array.Fill(x, (float)decibels);
        Array.Fill(pictures, (float)Math.Log(magnitude + YamnetFrontEnd.Mel.LogOffset));
        return (x, pictures);
    }

    private static double At(double hz, double[] centersHz, double[] values)
    {
        var above = Math.Clamp(Array.FindIndex(centersHz, center => center >= hz), 1, centersHz.Length - 1);
        var share = (hz - centersHz[above - 1]) / (centersHz[above] - centersHz[above - 1]);
        return values[above - 1] + (share * (values[above] - values[above - 1]));
    }
}
