using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Tests.Distillation;

public class FeatureTargetsTests
{
    private static readonly ModelContract Student = new FrontEnd().Contract("student", "0", ["one", "other"]);

    [Fact]
    public void At_TeacherOfMeans_GivesTheNearestWindowsFeaturesStandardised()
    {
        using var folder = new TemporaryFolder();
        using var teacher = Teacher(folder, "None");
        var clips = new[] { Ramp("a", 0), Ramp("b", 40) };

        var targets = FeatureTargets.Of(clips, teacher, null);

        // Of 117 frames there are windows of 39 every 13: at 0, 13, ..., 78. Their means, of a ramp of 0.1 dB a frame, are 1.3 dB apart.
        var expected = clips.SelectMany((clip, i) => Enumerable.Range(0, 7).Select(window => (i * 40) + (0.1 * ((13 * window) + 19)))).ToList();
        var mean = expected.Average();
        var deviation = Math.Sqrt(expected.Average(value => (value - mean) * (value - mean)));
        Span<float> target = stackalloc float[2];
        for (var i = 0; i < expected.Count; i++)
        {
            targets.At(clips[i / 7], (13 * (i % 7)) + 19.5 + (i % 2 == 0 ? 6 : -6), target);

            // Half precision keeps three digits, and a tenth of the usual deviation is added to each.
            var usual = (deviation + (3 * deviation)) / 2;
            Assert.Equal((expected[i] - mean) / (deviation + (0.1 * usual)), target[0], 0.02);
            Assert.Equal(3 * (expected[i] - mean) / ((3 * deviation) + (0.1 * usual)), target[1], 0.02);
        }
    }

    [Fact]
    public void Of_HeardBefore_TakesThemFromTheCache()
    {
        using var folder = new TemporaryFolder();
        using var teacher = Teacher(folder, "None");
        var notes = new List<string>();

        FeatureTargets.Of([Ramp("a", 0), Ramp("b", 3)], teacher, notes.Add);
        FeatureTargets.Of([Ramp("a", 0), Ramp("c", 5)], teacher, notes.Add);

        Assert.Contains("2 recordings: 14 windows (14 heard, 0 from the cache)", notes[0], StringComparison.Ordinal);
        Assert.Contains("2 recordings: 14 windows (7 heard, 7 from the cache)", notes[1], StringComparison.Ordinal);
    }

    private static FeatureTeacher Teacher(TemporaryFolder folder, string? normalization) => new(Write(folder, normalization), Student, folder.In("cache"), 1);

    /// <summary>A teacher whose features are a window's mean and three times its mean.</summary>
    private static string Write(TemporaryFolder folder, string? normalization)
    {
        var path = folder.In("teacher.onnx");
        var metadata = normalization is null ? [] : new Dictionary<string, string> { [FeatureTeacher.NormalizationKey] = normalization };
        File.WriteAllBytes(path, Exporter.Export(
            (graph, x) =>
            {
                var mean = graph.Flatten(graph.ReduceMean(x, [1, 2, 3]));
                return graph.Concat(1, mean, graph.Mul(mean, 3));
            },
            new TensorShape(1, 128, 39),
            new Dictionary<string, ParameterTensor>(),
            metadata));
        return path;
    }

    private static MelClip Ramp(string id, double start)
    {
        var cells = new float[128 * 117];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = (float)(start + (0.1 * (i % 117)));
        }

        return new MelClip(id, 0, id, 128, 117, cells);
    }
}
