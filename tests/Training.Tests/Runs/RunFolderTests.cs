using System.Text.Json;

using StreamGenre.Training.Data;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Runs;

public class RunFolderTests
{
    [Fact]
    public void Create_FolderOfARun_IsRefusedWithTheWayOn()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Create(folder.In("run"), SmallRun.Options, SmallRun.Data()).Dispose();

        // Without a checkpoint nothing would be lost: so may it be begun again, with other options.
        RunFolder.Create(folder.In("run"), SmallRun.Options with { Seed = 2 }, SmallRun.Data()).Dispose();
        File.WriteAllBytes(folder.In("run", "checkpoint.npz"), []);

        var error = Assert.Throws<TrainingException>(() => RunFolder.Create(folder.In("run"), SmallRun.Options, SmallRun.Data()));

        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_FolderInUse_IsRefusedUntilItIsLeft()
    {
        using var folder = new TemporaryFolder();
        using (RunFolder.Create(folder.In("run"), SmallRun.Options, SmallRun.Data()))
        {
            Assert.Contains("another process", Assert.Throws<TrainingException>(() => RunFolder.Resume(folder.In("run"))).Message, StringComparison.Ordinal);
        }

        RunFolder.Resume(folder.In("run")).Dispose();
    }

    [Fact]
    public void Resume_NoRun_SaysHowToStartOne()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("train --run", Assert.Throws<TrainingException>(() => RunFolder.Resume(folder.In("empty"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Continue_OtherData_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using var run = RunFolder.Create(folder.In("run"), SmallRun.Options, SmallRun.Data());

        run.Continue(RunEnvironment.Here(SmallRun.Options), SmallRun.Data());
        Assert.Equal(["CPU", "CPU"], run.ReadEnvironments().Select(environment => environment.Device));
        Assert.Throws<TrainingException>(() => run.Continue(RunEnvironment.Here(SmallRun.Options), SmallRun.Data(seed: 2)));
    }

    [Fact]
    public void ReadOptions_WrittenOptions_AreTheSame()
    {
        using var folder = new TemporaryFolder();
        var options = SmallRun.Options with { Schedule = Training.Optimizers.ScheduleKind.Cosine, WarmUpShare = 0.1, Optimizer = Training.Optimizers.OptimizerKind.Sgd };
        using var run = RunFolder.Create(folder.In("run"), options, SmallRun.Data());

        var read = run.ReadOptions();

        Assert.Equal((options.Schedule, options.WarmUpShare, options.Optimizer, options.Augmentation, options.FrontEnd), (read.Schedule, read.WarmUpShare, read.Optimizer, read.Augmentation, read.FrontEnd));
        Assert.Equal(options.Data, read.Data);
        Assert.Equal(JsonSerializer.Serialize(options, RunJson.Line), JsonSerializer.Serialize(read, RunJson.Line));
        Assert.Contains("\"schedule\": \"cosine\"", File.ReadAllText(folder.In("run", "config.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteCheckpoint_FinishedRun_IsReadByNamesAsNumpyWould()
    {
        using var folder = new TemporaryFolder();
        SmallRun.Run(folder.In("run"), SmallRun.Options with { Epochs = 1 }, SmallRun.Data(), SmallRun.Never);

        var arrays = NpzFile.Read(folder.In("run", "checkpoint.npz"));

        Assert.Equal([16, 1, 5, 5], arrays["weights/conv1.weight"].Shape);
        Assert.Equal([16, 1, 5, 5], arrays["adam.square/conv1.weight"].Shape);
        Assert.Equal([16], arrays["buffers.average/norm1.running_mean"].Shape);
    }
}
