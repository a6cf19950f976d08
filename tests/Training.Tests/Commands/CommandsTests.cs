using System.Diagnostics;
using System.Text.Json;

using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Commands;

/// <summary>Each command end to end on audio made on the spot: tones against bursts of noise, which any network must learn.</summary>
[Trait("Category", "Server")]
public class CommandsTests
{
    [Fact]
    public async Task Train_TwoGenresApartByEar_LearnsThemAndEvaluatesAndExports()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 8, seconds: 6);

        var train = await TrainAsync(folder, "run");

        Assert.Equal((0, ""), (train.Code, train.Error));
        Assert.Contains(" validation, 0 test", train.Out, StringComparison.Ordinal);
        Assert.Equal(6, File.ReadAllLines(folder.In("run", "metrics.jsonl")).Length);
        Assert.True(File.Exists(folder.In("run", "config.json")));

        var evaluate = await Cli.RunAsync("evaluate", "--model", folder.In("run", "model.onnx"), "--data", folder.In("music"), "--holdout-artists", "0.25", "--cache", folder.In("cache"), "--json");
        Assert.Equal(0, evaluate.Code);
        using var json = JsonDocument.Parse(evaluate.Out);
        Assert.Equal(["clips", "windows", "clip_accuracy", "window_accuracy", "per_genre"], json.RootElement.EnumerateObject().Select(property => property.Name).Take(5));
        Assert.True(json.RootElement.GetProperty("clips").GetInt32() > 0);
        Assert.InRange(json.RootElement.GetProperty("clip_accuracy").GetDouble(), 0.9, 1);
        Assert.InRange(json.RootElement.GetProperty("weighted_precision").GetDouble(), 0.9, 1);

        var text = await Cli.RunAsync("evaluate", "--model", folder.In("run", "model.onnx"), "--data", folder.In("music"), "--cache", folder.In("cache"));
        Assert.Equal(0, text.Code);
        Assert.Contains("final rolling top genre", text.Out, StringComparison.Ordinal);
        Assert.Contains("genre  clips  precision  recall     F1", text.Out, StringComparison.Ordinal);

        // From a run alone: on the artists that it held back itself.
        var report = await Cli.RunAsync("report", folder.In("run"), "--cache", folder.In("cache"));
        Assert.Equal((0, ""), (report.Code, report.Error));
        using var reported = JsonDocument.Parse(await File.ReadAllTextAsync(folder.In("run", "report.json")));
        Assert.Equal(json.RootElement.GetProperty("clips").GetInt32(), reported.RootElement.GetProperty("clips").GetInt32());
        Assert.Equal(6, reported.RootElement.GetProperty("epochs").GetArrayLength());
        Assert.True(File.Exists(folder.In("run", "report.html")));

        var compare = await Cli.RunAsync(
            "compare", folder.In("run"), folder.In("run", "model.onnx"), "--data", folder.In("music"), "--cache", folder.In("cache"), "--out", folder.In("compare.html"));
        Assert.Equal((0, ""), (compare.Code, compare.Error));
        Assert.Contains("0 gained, 0 lost", compare.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.True(File.Exists(folder.In("compare.json")));

        var export = await Cli.RunAsync("export", folder.In("run"), "--out", folder.In("named.onnx"), "--name", "named", "--model-version", "1.2.3");
        Assert.Equal(0, export.Code);
        using var model = new ModelFile(folder.In("named.onnx"));
        using var original = new ModelFile(folder.In("run", "model.onnx"));
        Assert.Equal(("named", "1.2.3", original.Contract.Temperature), (model.Contract.Name, model.Contract.Version, model.Contract.Temperature));
        Assert.Equal(["noise", "tones"], model.Contract.Labels);
        Assert.Empty(model.Contract.Errors());
        var window = Enumerable.Range(0, 128 * 39).Select(i => MathF.Sin(i)).ToArray();
        Assert.Equal(original.Logits(window), model.Logits(window));

        var calibrated = await Cli.RunAsync("export", folder.In("run"), "--out", folder.In("named.onnx"), "--temperature", "0.625");
        Assert.Equal(0, calibrated.Code);
        using var tempered = new ModelFile(folder.In("named.onnx"));
        Assert.Equal(0.625, tempered.Contract.Temperature);

        var refitted = await Cli.RunAsync("export", folder.In("run"), "--out", folder.In("refitted.onnx"), "--refit-penalty", "1", "--cache", folder.In("cache"));
        Assert.Equal((0, ""), (refitted.Code, refitted.Error));
        Assert.Contains("calibration error", refitted.Out, StringComparison.Ordinal);
        using (var refit = new ModelFile(folder.In("refitted.onnx")))
        {
            Assert.Empty(refit.Contract.Errors());
            Assert.NotEqual(original.Logits(window), refit.Logits(window));
        }

        var unpenalised = await Cli.RunAsync("export", folder.In("run"), "--out", folder.In("refitted.onnx"), "--refit-penalty", "0");
        Assert.Equal(2, unpenalised.Code);
        Assert.Contains("--refit-penalty is 0; it must be above 0", unpenalised.Error, StringComparison.Ordinal);

        var likelier = await Cli.RunAsync("export", folder.In("run"), "--out", folder.In("likelier.onnx"), "--temperature", "0.625", "--odds", "tones=3");
        Assert.Equal((0, ""), (likelier.Code, likelier.Error));
        using (var shifted = new ModelFile(folder.In("likelier.onnx")))
        {
            double LogOdds(ModelFile file) => (file.Logits(window)[1] - file.Logits(window)[0]) / file.Contract.Temperature;
            Assert.Equal(LogOdds(tempered) + Math.Log(3), LogOdds(shifted), 1e-5);
        }

        foreach (var (given, told) in new[] { ("tones=0", "--odds is 'tones=0'"), ("tones", "--odds is 'tones'"), ("tones=1,5", "--odds is 'tones=1,5'"), ("polka=2", "--odds names 'polka', which the run doesn't know; it knows noise, tones") })
        {
            var wrong = await Cli.RunAsync("export", folder.In("run"), "--out", folder.In("likelier.onnx"), "--odds", given);
            Assert.Equal(2, wrong.Code);
            Assert.Contains(told, wrong.Error, StringComparison.Ordinal);
        }

        var frozen = await Cli.RunAsync("export", folder.In("run"), "--out", folder.In("named.onnx"), "--temperature", "0");
        Assert.Equal((2, "error: the temperature is 0; it must be above 0"), (frozen.Code, frozen.Error.Trim()));
    }

    [Theory]
    [InlineData("There is no command 'nonsense'; there are train, cross-validate, ", "nonsense")]
    [InlineData("There is no option '--spede'; see train --help", "train", "--data", "x.npz", "--spede", "3")]
    [InlineData("--learning-rate is '0,001'; write decimals with a point", "train", "--data", "x.npz", "--learning-rate", "0,001")]
    [InlineData("--refit-penalty is 'NaN'; it must be a finite number", "export", "run", "--out", "x.onnx", "--refit-penalty", "NaN")]
    [InlineData("--precision is 'int4'; it must be int8 or fp16", "export", "run", "--out", "x.onnx", "--precision", "int4")]
    [InlineData("--epochs is 'x'; it must be a whole number, 2147483647 at most", "train", "--data", "x.npz", "--epochs", "x")]
    [InlineData("x.onnx alone has nothing to be held against; name at least two runs or models", "compare", "x.onnx")]
    [InlineData("mixup is -1; it must not be negative", "train", "--data", "x.npz", "--mixup", "-1")]
    [InlineData("hop_samples is 0; it must be 1..1000000", "train", "--data", "music", "--hop", "0")]
    [InlineData("threads is 100000; it must be 0 (one per core) to 1024", "train", "--data", "music", "--threads", "100000")]
    [InlineData("fold is -1; it must be 0 or more", "train", "--data", "music", "--fold", "-1")]
    [InlineData("conv4 stands on no backbone; leave out --frozen-epochs (3)", "train", "--data", "music", "--frozen-epochs", "3")]
    [InlineData("an epoch of 1 windows holds no batch of 64; make --epoch-windows larger", "train", "--data", "x.npz", "--epoch-windows", "1")]
    public async Task AnyCommand_BadInput_IsOneLineAndExitCodeTwo(string said, params string[] arguments)
    {
        var (code, output, error) = await Cli.RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(said, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_OutputThatCannotBeWritten_IsToldBeforeTheWork()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.In("full"));
        await File.WriteAllTextAsync(folder.In("file"), "");
        var train = await Cli.RunAsync("train", "--data", "x.npz", "--run", folder.In("file"));
        Assert.Equal(2, train.Code);
        Assert.Contains($"--run is {folder.In("file")}, but {folder.In("file")} is a file; name another place", train.Error, StringComparison.Ordinal);
        var report = await Cli.RunAsync("report", Reports.SmallReport.ModelPath, "--data", "x.npz", "--out", folder.In("full"));
        Assert.Equal(2, report.Code);
        Assert.Contains($"--out is {folder.In("full")}, a folder; name a file", report.Error, StringComparison.Ordinal);
        var under = await Cli.RunAsync("compare", Reports.SmallReport.ModelPath, Reports.SmallReport.ModelPath, "--data", "x.npz", "--out", Path.Combine(folder.In("file"), "page.html"));
        Assert.Equal(2, under.Code);
        Assert.Contains($"{folder.In("file")} is a file; name another place", under.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_SideOfNoSplit_IsRefused()
    {
        var (code, _, error) = await Cli.RunAsync("evaluate", "--model", Reports.SmallReport.ModelPath, "--data", "x.npz", "--side", "test", "--fold", "1");
        Assert.Equal(2, code);
        Assert.Contains("nothing is split, so --side, --fold has no effect; add --split-by or --holdout-artists", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_SplitInThree_NeverLooksAtTheTestSideWhichEvaluateMeasures()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 8, seconds: 4);
        string[] split = ["--split-by", "random:0.5/0.25/0.25", "--holdout-seed", "3"];

        var train = await TrainAsync(folder, "run", ["--epochs", "1", .. split]);
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
    public async Task Train_OneGenreAlone_IsRefused()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 2, seconds: 4);

        var (code, _, error) = await Cli.RunAsync(Arguments(folder, "run", "--genres", "noise"));

        Assert.Equal(2, code);
        Assert.Contains("there is one genre alone (noise), and nothing to tell it from", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_TeacherThatIsMissing_SaysSoAndLeavesNoRun()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 2, seconds: 4);

        var (code, _, error) = await Cli.RunAsync(Arguments(folder, "run", "--feature-teacher", "/nowhere.onnx"));

        Assert.Equal((2, "error: there is no file /nowhere.onnx"), (code, error.Trim()));
        Assert.False(Directory.Exists(folder.In("run")));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("cross-validate")]
    public async Task Train_DeviceThatIsNotThere_SaysSoBeforeItReadsTheData(string command)
    {
        using var folder = new TemporaryFolder();

        // The tests are built without the CUDA provider; the data is missing as well.
        var (code, _, error) = await Cli.RunAsync(command, "--data", folder.In("nothing"), "--device", "cuda", "--run", folder.In("run"));

        Assert.Equal(2, code);
        Assert.StartsWith("error: device cuda was asked for, but", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.In("run")));
    }

    [Fact]
    public async Task Train_SameSeedTwice_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 4, seconds: 4);

        await TrainAsync(folder, "first", "--epochs", "1");
        await TrainAsync(folder, "second", "--epochs", "1");
        await TrainAsync(folder, "other", "--epochs", "1", "--seed", "2");

        var first = await File.ReadAllBytesAsync(folder.In("first", "model.onnx"));
        Assert.Equal(first, await File.ReadAllBytesAsync(folder.In("second", "model.onnx")));
        Assert.NotEqual(first, await File.ReadAllBytesAsync(folder.In("other", "model.onnx")));
    }

    [Fact]
    public async Task Train_Interrupted_LeavesAModelOfWhatItHas()
    {
        Assert.False(OperatingSystem.IsWindows(), "sends SIGINT, which only Unix has");
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 4, seconds: 4);
        using var process = Cli.StartInterruptible(Arguments(folder, "run", "--epochs", "100000"));
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
        var whole = await TrainAsync(folder, "whole", epochs);
        using var process = Cli.Start(Arguments(folder, "killed", ["--checkpoint-seconds", "0", .. epochs]));
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

    [Theory]
    [InlineData("train", "--data", "/nowhere/at/all.npz")]
    [InlineData("train", "--resume")]
    [InlineData("train", "--resume", "--run", "/nowhere")]
    [InlineData("train", "--resume", "--run", "/nowhere", "--epochs", "3")]
    [InlineData("train", "--data", "/nowhere", "--epochs", "0")]
    [InlineData("train", "--data", "/nowhere", "--wavelet", "morlet")]
    [InlineData("train")]
    [InlineData("evaluate", "--model", "/nowhere.onnx", "--data", "/nowhere.npz")]
    [InlineData("export", "/nowhere", "--out", "x.onnx")]
    [InlineData("report", "/nowhere")]
    [InlineData("compare", "/nowhere", "/nowhere/else")]
    [InlineData("compare", "/nowhere")]
    [InlineData("cross-validate", "--data", "/nowhere", "--folds", "1")]
    [InlineData("cross-validate", "--resume", "--run", "/nowhere")]
    [InlineData("ensemble", "/nowhere.onnx", "/nowhere-either.onnx", "--out", "x.onnx")]
    public async Task AnyCommand_UnusableInput_SaysSoInOneLineAndExitsWithTwo(params string[] arguments)
    {
        var (code, _, error) = await Cli.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Evaluate_HopOfNothing_NamesTheOption()
    {
        var (code, _, error) = await Cli.RunAsync("evaluate", "--model", "/nowhere.onnx", "--data", "/nowhere.npz", "--window-hop", "0");

        Assert.Equal(2, code);
        Assert.Contains("--window-hop is 0 s", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("report")]
    [InlineData("compare")]
    [InlineData("export")]
    [InlineData("cross-validate")]
    [InlineData("ensemble")]
    public async Task AnyCommand_Help_ShowsExamples(string command)
    {
        var (code, output, _) = await Cli.RunAsync(command, "--help");

        Assert.Equal(0, code);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
    }

    private static string[] Arguments(TemporaryFolder folder, string run, params string[] more) =>
    [
        "train", "--data", folder.In("music"), "--network", "conv4-small", "--epoch-windows", "128", "--batch", "16", "--learning-rate", "0.003",
        "--run", folder.In(run), "--cache", folder.In("cache"), .. more.Contains("--epochs") ? more : [.. more, "--epochs", "6"],
    ];

    /// <summary>Clips that were measured.</summary>
    private static async Task<int> EvaluateAsync(TemporaryFolder folder, string[] more)
    {
        var (code, output, error) = await Cli.RunAsync(
            ["evaluate", "--model", folder.In("run", "model.onnx"), "--data", folder.In("music"), "--cache", folder.In("cache"), "--json", .. more]);
        Assert.True(code == 0, error);
        using var figures = JsonDocument.Parse(output);
        return figures.RootElement.GetProperty("clips").GetInt32();
    }

    private static async Task<(int Code, string Out, string Error)> TrainAsync(TemporaryFolder folder, string run, params string[] more) =>
        await Cli.RunAsync(Arguments(folder, run, more));
}
