using System.Text.Json;

namespace StreamGenre.Training.Tests.Commands;

/// <summary>What a training learns from, and what it leaves to be measured on.</summary>
[Trait("Category", "Server")]
public class TrainCommandTests
{
    [Fact]
    public async Task Train_SplitInThree_NeverLooksAtTheTestSideWhichEvaluateMeasures()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 8, seconds: 4);
        string[] split = ["--split-by", "random:0.5/0.25/0.25", "--holdout-seed", "3"];

        var train = await SmallTraining.TrainAsync(folder, "run", ["--epochs", "1", .. split]);
        var held = await File.ReadAllLinesAsync(folder.In("run", "held-back.txt"));
        var test = await EvaluateAsync(folder, [.. split, "--side", "test"]);
        var training = await EvaluateAsync(folder, [.. split, "--side", "training"]);
        var leaky = await Cli.RunAsync(["evaluate", "--model", folder.In("run", "model.onnx"), "--data", folder.In("music"), "--cache", folder.In("cache"), "--split-by", "by window"]);

        Assert.Contains("8 training, 4 validation, 4 test", train.Out, StringComparison.Ordinal);
        Assert.Equal((0, 4), (train.Code, held.Length));
        Assert.Equal((4, 8), (test, training));
        Assert.Equal(2, leaky.Code);
        Assert.Contains("'by window' is not a split", leaky.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_SameSeedTwice_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 4, seconds: 4);

        await SmallTraining.TrainAsync(folder, "first", "--epochs", "1");
        await SmallTraining.TrainAsync(folder, "second", "--epochs", "1");
        await SmallTraining.TrainAsync(folder, "other", "--epochs", "1", "--seed", "2");

        var first = await File.ReadAllBytesAsync(folder.In("first", "model.onnx"));
        Assert.Equal(first, await File.ReadAllBytesAsync(folder.In("second", "model.onnx")));
        Assert.NotEqual(first, await File.ReadAllBytesAsync(folder.In("other", "model.onnx")));
    }

    /// <summary>Clips that were measured.</summary>
    private static async Task<int> EvaluateAsync(TemporaryFolder folder, string[] more)
    {
        var (code, output, error) = await Cli.RunAsync(
            ["evaluate", "--model", folder.In("run", "model.onnx"), "--data", folder.In("music"), "--cache", folder.In("cache"), "--json", .. more]);
        Assert.True(code == 0, error);
        using var figures = JsonDocument.Parse(output);
        return figures.RootElement.GetProperty("clips").GetInt32();
    }
}
