using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Runs;

public class TeachersTests
{
    [Fact]
    public void Answer_TwoTeachers_IsTheLogarithmOfTheirMeanCalibratedProbabilities()
    {
        using var folder = new TemporaryFolder();
        var paths = new[] { Train(folder, "one", 1), Train(folder, "two", 2) };
        var student = SmallRun.Options.Contract(["high", "low"], 1);
        var x = Enumerable.Range(0, 3 * 128 * 39).Select(i => MathF.Sin(i * 0.37f)).ToArray();
        var answers = new float[6];

        using (var teachers = new Teachers(paths, student, 1))
        {
            teachers.Answer(x, answers);
        }

        var expected = new double[6];
        foreach (var path in paths)
        {
            using var model = new ModelFile(path);
            Assert.NotEqual(1, model.Contract.Temperature);
            var logits = model.Logits(x);
            for (var row = 0; row < 3; row++)
            {
                var p = Probabilities.Softmax(logits.AsSpan(row * 2, 2), model.Contract.Temperature);
                expected[row * 2] += p[1] / 2;
                expected[(row * 2) + 1] += p[0] / 2;
            }
        }

        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(expected[i], Math.Exp(answers[i]), 1e-5));
    }

    [Fact]
    public void Constructor_OtherFrontEndAndLabels_ListsAllDifferences()
    {
        using var folder = new TemporaryFolder();
        var path = Train(folder, "one", 1);
        var contract = SmallRun.Options.Contract(["low", "high", "jazz"], 1);

        var error = Assert.Throws<TrainingException>(() => new Teachers([path], contract with { FloorBelowMax = 60, WindowSeconds = 4 }, 1));

        Assert.Contains("floor_below_max is 80, not 60", error.Message, StringComparison.Ordinal);
        Assert.Contains("window_seconds is 3, not 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("doesn't know jazz", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TaughtOnUnlabelledRecordings_LearnsWhatTheTeacherKnows()
    {
        using var folder = new TemporaryFolder();
        var teacher = Train(folder, "teacher", 1);
        // The student's own labels are wrong; the teacher's answers on the unlabelled part are all it has.
        var swapped = new MelSet(["low", "high"], SmallRun.Set(1, 6).Clips.Select(clip => clip.Relabelled([1 - clip.Label])).ToList());
        var options = SmallRun.Options with { Teachers = [teacher], TeacherUnlabelled = ["generated"], DistillWeight = 1, Epochs = 6, LabelSmoothing = 0 };
        var data = SmallRun.Data() with { Training = swapped, Unlabelled = SmallRun.Set(3, 6) };

        var taught = SmallRun.Run(folder.In("student"), options, data, SmallRun.Never);

        Assert.Equal(1, taught.Last.Validation[0].ClipAccuracy);
    }

    [Fact]
    public void Run_WithTeachersKilledAndTakenUp_EndsInTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var options = SmallRun.Options with { Teachers = [Train(folder, "teacher", 1)], Epochs = 2 };
        var whole = SmallRun.Run(folder.In("whole"), options, SmallRun.Data(), SmallRun.EveryStep, new SilentProgress
        {
            OnStep = step =>
            {
                if (step == 6)
                {
                    SmallRun.CopyAsKilled(folder.In("whole"), folder.In("killed"));
                }
            },
        });

        var resumed = SmallRun.Run(folder.In("killed"), options, SmallRun.Data(), SmallRun.Never);

        Assert.Equal(File.ReadAllBytes(whole.ModelPath), File.ReadAllBytes(resumed.ModelPath));
    }

    private static string Train(TemporaryFolder folder, string name, int seed) =>
        SmallRun.Run(folder.In(name), SmallRun.Options with { Seed = seed, Epochs = 6 }, SmallRun.Data(), SmallRun.Never).ModelPath;
}
