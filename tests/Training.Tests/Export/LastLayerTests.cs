using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Tests.Export;

public class LastLayerTests
{
    private static readonly ModelContract Contract = new FrontEnd().Contract("bands", "0", ["low", "polka"]);

    [Fact]
    public void Refit_WithAGuideAndAPenaltyThatLeavesNoRoom_SaysWhatTheGuideSays()
    {
        using var folder = new TemporaryFolder();
        using var guide = new FeatureTeacher(WriteGuide(folder), Contract, folder.In("cache"), 1);
        var clips = Clips(24);

        var refitted = Hear(folder, LastLayer.Refit(Model(), Contract, clips, guide, penalty: 1e6, threads: 1), clips);

        // Of low, how much louder the lower bands are, with deviation 2 over the clips; of polka, which it doesn't know, nothing.
        var said = clips.Clips.Select(clip => Louder(clip)).ToArray();
        var (mean, deviation) = (said.Average(), Math.Sqrt(said.Average(value => Math.Pow(value - said.Average(), 2))));
        Assert.All(said.Zip(refitted), pair => Assert.Equal(2 * (pair.First - mean) / deviation, pair.Second[0] - pair.Second[1], 0.1));
        Assert.Equal(0, refitted.Average(row => Math.Abs(row[1])), 1e-3);
    }

    [Fact]
    public void Refit_LabelsThatContradictTheGuide_AreHeardWhereThePenaltyIsSmall()
    {
        using var folder = new TemporaryFolder();
        using var guide = new FeatureTeacher(WriteGuide(folder), Contract, folder.In("cache"), 1);
        var clips = Clips(24);
        var swapped = new MelSet(clips.Labels, [.. clips.Clips.Select(clip => clip.Relabelled([1 - clip.Label]))]);

        double Right(double penalty) => Hear(folder, LastLayer.Refit(Model(), Contract, swapped, guide, penalty, threads: 1), swapped)
            .Zip(swapped.Clips, (row, clip) => row[clip.Label] > row[1 - clip.Label] ? 1.0 : 0).Average();

        Assert.InRange(Right(1e6), 0, 0.1);
        Assert.InRange(Right(1e-4), 0.9, 1);
    }

    [Fact]
    public void Refit_WithoutAGuide_AddsToTheLayerThatIsThere()
    {
        using var folder = new TemporaryFolder();
        var clips = Clips(24);

        var (before, after) = (Hear(folder, Model(), clips), Hear(folder, LastLayer.Refit(Model(), Contract, clips, guide: null, penalty: 1e6, threads: 1), clips));

        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First[0] - pair.First[1], pair.Second[0] - pair.Second[1], 0.05));
    }

    /// <summary>Features: the means of the lower and of the upper bands; and a last layer drawn at random.</summary>
    private static byte[] Model()
    {
        static Value Forward(GraphBuilder graph, Value x) => graph.DenseLayer("head", graph.Concat(1, Mean(graph, x, 0), Mean(graph, x, 64)), 2);
        return Exporter.Export(Forward, DrawnWeights.Of(Forward, Exporter.ItemShape(Contract), seed: 3), Contract);
    }

    private static string WriteGuide(TemporaryFolder folder)
    {
        var path = folder.In("guide.onnx");
        File.WriteAllBytes(path, Exporter.Export(
            (graph, x) =>
            {
                var louder = graph.Sub(Mean(graph, x, 0), Mean(graph, x, 64));
                return [("features", louder), (FeatureTeacher.ScoresName, graph.Concat(1, graph.Mul(louder, 7), louder))];
            },
            new TensorShape(1, 128, 39),
            new Dictionary<string, ParameterTensor>(),
            new Dictionary<string, string> { [FeatureTeacher.ClassesKey] = """["Low music","Speech"]""" },
            "mel"));
        return path;
    }

    private static Value Mean(GraphBuilder graph, Value x, long first) => graph.Flatten(graph.ReduceMean(graph.Slice(x, [2], [first], [first + 64]), [1, 2, 3]));

    private static IReadOnlyList<double[]> Hear(TemporaryFolder folder, byte[] model, MelSet clips)
    {
        File.WriteAllBytes(folder.In("model.onnx"), model);
        using var file = new ModelFile(folder.In("model.onnx"));
        return [.. ScoredSet.Score(clips, file.Contract, file.Logits).Clips.Select(clip => clip.Logits.Chunk(2).Aggregate(
            new double[2], (sum, row) => [sum[0] + (row[0] / clip.Windows), sum[1] + (row[1] / clip.Windows)]))];
    }

    private static double Louder(MelClip clip)
    {
        var window = new float[128 * 39];
        clip.CopyWindow(0, 39, window);
        WindowNormalizer.Apply(window, Contract);
        return window.Take(64 * 39).Average() - window.Skip(64 * 39).Average();
    }

    /// <summary>Clips of one window whose lower bands are louder by -20 to 20 dB; those above 0 are low.</summary>
    private static MelSet Clips(int count) => new(["low", "polka"], [.. Enumerable.Range(0, count).Select(i =>
    {
        var random = new Random(i);
        var louder = (40 * (i + 0.5) / count) - 20;
        var cells = Enumerable.Range(0, 128 * 39).Select(cell => (float)(random.Uniform(-40, 0) + (cell < 64 * 39 ? louder : 0))).ToArray();
        return new MelClip($"{i}", louder > 0 ? 0 : 1, $"{i}", 128, 39, cells);
    })]);
}
