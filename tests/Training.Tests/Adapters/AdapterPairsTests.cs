using StreamGenre.Stages.Contract;
using StreamGenre.Training.Adapters;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Tests.Adapters;

public class AdapterPairsTests
{
    [Fact]
    public void Fill_RecordingWithClicks_ShowsThemAtTheSameTimesInBothFrontEnds()
    {
        var window = new FrontEnd { Normalization = WindowNormalization.None }.Contract("window", "0", ["one", "other"]);
        var grid = new AdapterGrid(window, YamnetFrontEnd.Mel, YamnetFrontEnd.Frames);
        // A burst of noise every 1.1 s and near silence between.
        var random = new Random(3);
        var samples = Enumerable.Range(0, 12 * GeneratedAudio.SampleRateHz)
            .Select(i => (float)((random.NextDouble() - 0.5) * (i % 24_255 < 4_000 ? 1 : 1e-3)))
            .ToArray();
        var pairs = new AdapterPairs(
            [GeneratedAudio.Clip(samples, AdapterPairs.Fine(window.Mel))],
            [GeneratedAudio.Clip(GeneratedAudio.At16KHz(samples), YamnetFrontEnd.Mel, 16_000)],
            window,
            grid);
        var (x, pictures) = (new float[8 * 128 * 39], new float[8 * 64 * grid.Frames]);

        pairs.Fill(new Random(1), x, pictures, varied: false);

        var matrix = grid.Interpolation();
        for (var item = 0; item < 8; item++)
        {
            var own = Means(x.AsSpan(item * 128 * 39, 128 * 39), 39);
            var heard = Means(pictures.AsSpan(item * 64 * grid.Frames, 64 * grid.Frames), grid.Frames);
            var expected = Enumerable.Range(0, grid.Frames).Select(frame => Enumerable.Range(0, 39).Sum(row => own[row] * matrix[(row * grid.Frames) + frame])).ToArray();
            Assert.True(Correlation(expected, heard) > 0.9, $"window {item} correlates by {Correlation(expected, heard):F2}");
            Assert.Equal(4, pictures.Skip(item * 64 * grid.Frames).Take(64 * grid.Frames).Max(), 1e-4);
        }
    }

    private static double[] Means(ReadOnlySpan<float> cells, int frames)
    {
        var means = new double[frames];
        for (var i = 0; i < cells.Length; i++)
        {
            means[i % frames] += cells[i] * (double)frames / cells.Length;
        }

        return means;
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var product = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return product / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }
}
