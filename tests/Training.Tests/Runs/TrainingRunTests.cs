using StreamGenre.Training.Runs;
using StreamGenre.Training.Tests.Networks;

namespace StreamGenre.Training.Tests.Runs;

public class TrainingRunTests
{
    // The second runs on a backbone that is frozen for the first of its three epochs.
    public static TheoryData<bool, string> KilledRuns => new() { { true, "conv4-small" }, { true, "mobilenet" }, { false, "conv4-small" } };

    [Theory]
    [MemberData(nameof(KilledRuns))]
    public void Run_TakenUpFromWhereverItWasKilled_EndsInTheSameBits(bool checkpoints, string network)
    {
        var options = SmallRun.Options with { Network = network, Init = TestBackbone.For(network), FrozenEpochs = 1, FineTuningShare = 0.1 };
        using var folder = new TemporaryFolder();
        var whole = folder.In("whole");
        var killed = new List<string>();

        void Snapshot(string moment)
        {
            killed.Add(folder.In(moment));
            SmallRun.CopyAsKilled(whole, killed[^1]);
        }

        SmallRun.Run(whole, options, SmallRun.Data(), checkpoints ? SmallRun.EveryStep : SmallRun.Never, new SilentProgress
        {
            OnStep = step =>
            {
                if (step is 1 or 4 or 5 or 7 or 12)
                {
                    Snapshot($"step {step}");
                }
            },
            OnEpoch = metrics =>
            {
                if (metrics.Epoch == 2)
                {
                    Snapshot("epoch 2");
                    File.AppendAllText(Path.Combine(killed[^1], "metrics.jsonl"), "{\"epoch\":3,\"lo");
                }
            },
        });

        Assert.Equal(6, killed.Count);
        foreach (var path in killed)
        {
            var result = SmallRun.Run(path, options, SmallRun.Data(), SmallRun.Never);

            Assert.True(result.Completed);
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "model.onnx")), File.ReadAllBytes(result.ModelPath));
            Assert.Equal(SmallRun.Metrics(whole), SmallRun.Metrics(path));
        }
    }

    [Fact]
    public void Run_TwiceWithOneSeed_GivesTheSameBitsAndAnotherSeedOthers()
    {
        using var folder = new TemporaryFolder();

        byte[] Model(string name, int seed) => File.ReadAllBytes(
            SmallRun.Run(folder.In(name), SmallRun.Options with { Seed = seed, Epochs = 1 }, SmallRun.Data(), SmallRun.Never).ModelPath);

        var first = Model("first", 1);
        Assert.Equal(first, Model("second", 1));
        Assert.NotEqual(first, Model("other", 2));
    }

    [Fact]
    public void Run_ThatHasEnded_GivesItsModelAgain()
    {
        using var folder = new TemporaryFolder();
        var first = SmallRun.Run(folder.In("run"), SmallRun.Options, SmallRun.Data(), SmallRun.Never);
        var model = File.ReadAllBytes(first.ModelPath);
        File.Delete(first.ModelPath);

        var again = SmallRun.Run(folder.In("run"), SmallRun.Options, SmallRun.Data(), SmallRun.Never);

        Assert.Equal(model, File.ReadAllBytes(again.ModelPath));
        Assert.Equal(3, SmallRun.Metrics(folder.In("run")).Length);
    }

    [Fact]
    public void Run_WithoutAverage_ExportsTheLastStepsWeights()
    {
        using var folder = new TemporaryFolder();
        SmallRun.Run(folder.In("run"), SmallRun.Options with { AverageDecay = 0, Epochs = 1 }, SmallRun.Data(), SmallRun.Never);

        using var left = RunFolder.Open(folder.In("run"));
        var checkpoint = left.ReadCheckpoint();

        Assert.Equal(checkpoint.Raw.Keys, checkpoint.Exported.Keys);
        Assert.All(checkpoint.Raw, pair => Assert.Equal(pair.Value.Values, checkpoint.Exported[pair.Key].Values));
    }

    [Fact]
    public void Run_ValidationLossThatNoLongerFalls_StopsAndExportsTheBestLook()
    {
        using var folder = new TemporaryFolder();
        // So high a rate that the loss soon rises again.
        var options = SmallRun.Options with { Epochs = 40, ValidateEvery = 1, Patience = 3, LearningRate = 0.3, AverageDecay = 0 };
        var whole = SmallRun.Run(folder.In("run"), options, SmallRun.Data(), SmallRun.Never);

        Assert.True(whole.Completed);
        Assert.InRange(whole.Last.Epoch, 4, 39);
        using var left = RunFolder.Open(folder.In("run"));
        var checkpoint = left.ReadCheckpoint();
        var losses = checkpoint.Progress.Epochs.Select(epoch => epoch.ValidationLoss).ToArray();
        Assert.Equal(Array.IndexOf(losses, losses.Min()) + 1, checkpoint.Progress.BestEpoch);
        Assert.Equal(checkpoint.Progress.BestEpoch + 3, whole.Last.Epoch);
        Assert.Equal(checkpoint.Best.Keys, checkpoint.Exported.Keys);
        Assert.NotEqual(checkpoint.Best["conv1.weight"].Values, checkpoint.Raw["conv1.weight"].Values);
    }

    [Fact]
    public void Run_TemperatureGiven_StandsInTheContractWithoutValidationSets()
    {
        using var folder = new TemporaryFolder();
        var options = SmallRun.Options with { Temperature = 0.7, Epochs = 1 };

        var given = SmallRun.Run(folder.In("given"), options, SmallRun.Data() with { Validation = [] }, SmallRun.Never);
        var beside = SmallRun.Run(folder.In("beside"), options, SmallRun.Data(), SmallRun.Never);

        Assert.All([given, beside], run =>
        {
            using var model = new Training.Metrics.ModelFile(run.ModelPath);
            Assert.Equal(0.7, model.Contract.Temperature);
        });
    }

    [Fact]
    public void Run_CutShort_LeavesItsCheckpointBeforeItMeasures()
    {
        using var folder = new TemporaryFolder();
        using var interrupt = new CancellationTokenSource();
        using var run = RunFolder.Create(folder.In("run"), SmallRun.Options, SmallRun.Data());
        var saved = -1;
        var progress = new SilentProgress
        {
            OnStep = step => interrupt.Cancel(),
            OnEpoch = _ => saved = run.ReadCheckpoint().Progress.Steps,
        };

        new TrainingRun(SmallRun.Options, SmallRun.Data(), run, progress, SmallRun.Never).Run(interrupt.Token);

        Assert.Equal(1, saved);
    }

    [Fact]
    public void Run_PatienceWithoutValidationSet_IsRefused()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<TrainingException>(() => SmallRun.Run(
            folder.In("run"), SmallRun.Options with { Patience = 2 }, SmallRun.Data() with { Validation = [] }, SmallRun.Never));

        Assert.Contains("--validate", error.Message, StringComparison.Ordinal);
    }
}
