using System.Globalization;

using StreamGenre.Training.Data;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Runs;
using StreamGenre.Training.Tests.Commands;

namespace StreamGenre.Training.Tests.Runs;

[Trait("Category", "Server")]
public class CrossValidationTests
{
    private static readonly TrainingRunOptions Settings = SmallRun.Options with { EpochWindows = 64, BatchWindows = 16, Epochs = 2, Augmentation = AugmentationOptions.None };

    [Fact]
    public async Task Run_TwoFoldsOfArtists_HearsEveryRecordingOnceAndGoesOnWhereItStood()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 6, seconds: 4);
        var options = new CrossValidationOptions { Training = Settings with { Data = [folder.In("music")] }, Folds = 2 };
        using var interrupt = new CancellationTokenSource();

        var whole = await RunAsync(folder, "whole", options, new SilentProgress(), CancellationToken.None);
        var cut = await RunAsync(folder, "cut", options, new SilentProgress { OnEpoch = _ => interrupt.Cancel() }, interrupt.Token);
        var resumed = await RunAsync(folder, "cut", options, new SilentProgress(), CancellationToken.None);

        Assert.Null(cut);
        Assert.NotNull(whole);
        Assert.NotNull(resumed);
        Assert.Equal(12, whole.Clips);
        Assert.Equal(12, whole.Folds.Sum(fold => fold.Clips));
        Assert.Equal(whole.Folds.Sum(fold => fold.Clips * fold.ClipAccuracy) / 12, whole.ClipAccuracy, 1e-9);
        Assert.Equal(
            await File.ReadAllBytesAsync(folder.In("whole", "fold-1", "model.onnx")), await File.ReadAllBytesAsync(folder.In("cut", "fold-1", "model.onnx")));
        Assert.Equal(await File.ReadAllTextAsync(folder.In("whole", "results.json")), await File.ReadAllTextAsync(folder.In("cut", "results.json")));

        var answers = NpzFile.Read(folder.In("whole", "out-of-fold.npz"));
        Assert.Equal(["noise", "tones"], answers["genres"].ToStrings());
        Assert.Equal(12, answers["id"].ToStrings().Distinct().Count());
        Assert.Equal([answers["windows"].ToIntegers().Sum(), 2], answers["logits"].Shape);
        // Every two recordings are one artist's, who stands in one fold.
        var folds = answers["id"].ToStrings().Zip(answers["fold"].ToIntegers());
        Assert.All(folds.GroupBy(pair => $"{pair.First[..5]}{int.Parse(pair.First[6..8], CultureInfo.InvariantCulture) / 2}"), artist => Assert.Single(artist.Select(pair => pair.Second).Distinct()));
    }

    [Fact]
    public async Task CrossValidateAndEnsemble_OnTheCommandLine_EndInAModelThatIsTheFoldsMean()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 4, seconds: 4);

        var folds = await Cli.RunAsync(
            "cross-validate", "--data", folder.In("music"), "--folds", "2", "--network", "conv4-small", "--epochs", "2", "--epoch-windows", "128", "--batch", "16",
            "--run", folder.In("folds"), "--cache", folder.In("cache"));
        var join = await Cli.RunAsync("ensemble", folder.In("folds"), "--out", folder.In("joined.onnx"), "--name", "joined");

        Assert.Equal((0, ""), (folds.Code, folds.Error));
        Assert.Contains("pooled: 8 clips", folds.Out, StringComparison.Ordinal);
        var pooled = new CrossValidationFolder(folder.In("folds")).ReadResult();
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"temperature {pooled.Temperature:F3}: calibration error {pooled.UncalibratedError:F3} -> {pooled.CalibrationError:F3}"),
            folds.Out,
            StringComparison.Ordinal);
        Assert.Equal((0, ""), (join.Code, join.Error));
        Assert.Contains("2 members", join.Out, StringComparison.Ordinal);
        using var model = new ModelFile(folder.In("joined.onnx"));
        Assert.Equal("joined", model.Contract.Name);
        Assert.Equal(2, model.Logits(new float[128 * 39]).Length);

        var again = await Cli.RunAsync("cross-validate", "--data", folder.In("music"), "--run", folder.In("folds"));
        Assert.Equal(2, again.Code);
        Assert.Contains("--resume", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WholeParts_KeepsRecordingsOfUnknownArtistsTogether()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("one"), recordings: 2, seconds: 4, index: false);
        GeneratedAudio.WriteFolder(folder.In("two"), recordings: 3, seconds: 4, index: false);
        var options = new CrossValidationOptions { Training = Settings with { Data = [folder.In("one"), folder.In("two")], Epochs = 1 }, Folds = 2, WholeParts = true };

        var result = await RunAsync(folder, "run", options, new SilentProgress(), CancellationToken.None);

        Assert.Equal([6, 4], result!.Folds.Select(fold => fold.Clips));
    }

    [Fact]
    public void Errors_ValidationSetAndOneFold_NamesBoth()
    {
        var errors = new CrossValidationOptions { Training = SmallRun.Options with { Validation = ["v.npz"] }, Folds = 1 }.Errors();

        Assert.Equal(2, errors.Count);
    }

    private static async Task<CrossValidationResult?> RunAsync(
        TemporaryFolder folder, string name, CrossValidationOptions options, SilentProgress progress, CancellationToken cancellation)
    {
        var left = new CrossValidationFolder(folder.In(name));
        if (!left.Exists)
        {
            left.Create(options);
        }

        return await new CrossValidation(left.ReadOptions(), left, folder.In("cache"), SmallRun.Never).RunAsync(progress, cancellation);
    }
}
