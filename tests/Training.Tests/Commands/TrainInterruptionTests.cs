using System.Diagnostics;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Commands;

/// <summary>Trainings that are ended before their end, by Ctrl+C or by force.</summary>
[Trait("Category", "Server")]
public class TrainInterruptionTests
{
    [Fact]
    public async Task Train_Interrupted_LeavesAModelOfWhatItHas()
    {
        Assert.False(OperatingSystem.IsWindows(), "sends SIGINT, which only Unix has");
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 4, seconds: 4);
        using var process = Cli.StartInterruptible(SmallTraining.Arguments(folder, "run", "--epochs", "100000"));
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var output = "";
        while (!output.Contains("epoch 2/", StringComparison.Ordinal))
        {
            output += await process.StandardOutput.ReadLineAsync(timeout.Token) ?? throw new InvalidOperationException(output);
        }

        using (var signal = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            await signal.WaitForExitAsync(timeout.Token);
        }

        output += await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("cut short", output, StringComparison.Ordinal);
        using var model = new ModelFile(folder.In("run", "model.onnx"));
        Assert.Equal(["noise", "tones"], model.Contract.Labels);
    }

    [Fact]
    public async Task Train_KilledAndResumed_EndsInTheSameBits()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 4, seconds: 4);
        // Enough epochs that it is not at its end before the second one's line has been read and acted on, be the machine ever so busy.
        string[] epochs = ["--epochs", "20"];
        var whole = await SmallTraining.TrainAsync(folder, "whole", epochs);
        using var process = Cli.Start(SmallTraining.Arguments(folder, "killed", ["--checkpoint-seconds", "0", .. epochs]));
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!(await process.StandardOutput.ReadLineAsync(timeout.Token) ?? throw new InvalidOperationException("it ended")).StartsWith("epoch 2/", StringComparison.Ordinal))
        {
        }

        process.Kill();
        await process.WaitForExitAsync(timeout.Token);
        Assert.False(File.Exists(folder.In("killed", "model.onnx")));

        var resumed = await Cli.RunAsync("train", "--resume", "--run", folder.In("killed"), "--cache", folder.In("cache"));

        Assert.Equal((0, ""), (resumed.Code, resumed.Error));
        Assert.Contains("resumed after step", resumed.Out, StringComparison.Ordinal);
        Assert.Single(resumed.Out.Split('\n'), line => line.StartsWith("epoch 20/20", StringComparison.Ordinal));
        Assert.Equal(0, whole.Code);
        Assert.Equal(await File.ReadAllBytesAsync(folder.In("whole", "model.onnx")), await File.ReadAllBytesAsync(folder.In("killed", "model.onnx")));
        Assert.Equal(Runs.SmallRun.Metrics(folder.In("whole")), Runs.SmallRun.Metrics(folder.In("killed")));
    }
}
