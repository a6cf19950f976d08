using System.Text.Json;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Tests.Distillation;

public class FeatureTeacherTests
{
    private static readonly ModelContract Student = new FrontEnd().Contract("student", "0", ["rock", "polka"]);

    [Fact]
    public void Contract_TeacherThatSaysNothingOfItsWindows_TakesTheStudents()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new FeatureTeacher(Write(folder), Student, folder.In("cache"), 1);

        Assert.Equal(Student, teacher.Contract);
    }

    [Fact]
    public void Constructor_TeacherOfOtherWindows_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder);

        var error = Assert.Throws<TrainingException>(() => new FeatureTeacher(path, Student with { PatchFrames = 20 }, folder.In("cache"), 1));

        Assert.Contains("goes from [N, 1, 128, 39] to [N, 1]; a teacher of features goes from windows [N, 1, 128, 20]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_TeacherOfNamedClasses_AreThoseOfTheLabels()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new FeatureTeacher(Write(folder, "Speech", "Rock music"), Student, folder.In("cache"), 1);

        var scores = teacher.Scores(Enumerable.Repeat(3f, 128 * 39).Concat(Enumerable.Repeat(-5f, 128 * 39)).ToArray());

        Assert.Equal(["Rock music", null], teacher.Genres);
        // Its score of rock is the mean turned round; polka it doesn't know.
        Assert.Equal([-3f, 0, 5, 0], scores.Select(score => MathF.Round(score, 4)));
    }

    [Fact]
    public void Hearing_WindowsThatWereHeardBefore_TakesThemFromTheCache()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "Rock music", "Polka");
        var windows = Enumerable.Repeat(3f, 128 * 39).Concat(Enumerable.Repeat(-5f, 128 * 39)).ToArray();
        using var first = new FeatureTeacher(path, Student, folder.In("cache"), 1);
        var (features, scores) = (first.Features(windows), first.Scores(windows));

        using var second = new FeatureTeacher(path, Student, folder.In("cache"), 1);

        Assert.Equal(features, second.Features(windows));
        Assert.Equal(scores, second.Scores(windows));
        Assert.Equal((4, 0), (first.Heard, second.Heard));
        // Another window is another sound, and another teacher hears otherwise.
        second.Features(windows.AsMemory(128 * 39));
        using var other = new FeatureTeacher(Write(folder, "Polka", "Rock music"), Student, folder.In("cache"), 1);
        Assert.NotEqual(scores, other.Scores(windows));
        Assert.Equal((1, 2), (second.Heard, other.Heard));
    }

    [Fact]
    public void Hearing_EntryThatWasCutShort_IsHeardAnew()
    {
        using var folder = new TemporaryFolder();
        using var teacher = new FeatureTeacher(Write(folder), Student, folder.In("cache"), 1);
        var window = Enumerable.Repeat(3f, 128 * 39).ToArray();
        var whole = teacher.Features(window);
        File.WriteAllBytes(Assert.Single(Directory.GetFiles(folder.In("cache"))), [1, 2, 3]);

        Assert.Equal(whole, teacher.Features(window));
        Assert.Equal(2, teacher.Heard);
        Assert.Equal(4, new FileInfo(Assert.Single(Directory.GetFiles(folder.In("cache")))).Length);
    }

    [Fact]
    public void Constructor_NamesOfMoreClassesThanItScores_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, "Rock music", "Polka", "Dog");

        var error = Assert.Throws<TrainingException>(() => new FeatureTeacher(path, Student, folder.In("cache"), 1));

        Assert.Contains("names 3 classes and has no output 'scores' [N, 3]", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A teacher whose feature is a window's mean, and whose two scores are 0 and the mean turned round.</summary>
    private static string Write(TemporaryFolder folder, params string[] classes)
    {
        var path = folder.In("teacher.onnx");
        File.WriteAllBytes(path, Exporter.Export(
            (graph, x) =>
            {
                var mean = graph.Flatten(graph.ReduceMean(x, [1, 2, 3]));
                return [("features", mean), (FeatureTeacher.ScoresName, graph.Concat(1, graph.Mul(mean, 0), graph.Mul(mean, -1)))];
            },
            new TensorShape(1, 128, 39),
            new Dictionary<string, ParameterTensor>(),
            classes.Length > 0 ? new Dictionary<string, string> { [FeatureTeacher.ClassesKey] = JsonSerializer.Serialize(classes) } : [],
            "mel"));
        return path;
    }
}
