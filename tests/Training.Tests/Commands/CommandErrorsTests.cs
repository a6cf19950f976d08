namespace StreamGenre.Training.Tests.Commands;

/// <summary>What the commands say of what they can't do, and of what they can.</summary>
[Trait("Category", "Server")]
public class CommandErrorsTests
{
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
    public async Task Evaluate_HopOfNothing_NamesTheOption()
    {
        var (code, _, error) = await Cli.RunAsync("evaluate", "--model", "/nowhere.onnx", "--data", "/nowhere.npz", "--window-hop", "0");

        Assert.Equal(2, code);
        Assert.Contains("--window-hop is 0 s", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_OneGenreAlone_IsRefused()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 2, seconds: 4);

        var (code, _, error) = await Cli.RunAsync(SmallTraining.Arguments(folder, "run", "--genres", "noise"));

        Assert.Equal(2, code);
        Assert.Contains("there is one genre alone (noise), and nothing to tell it from", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_TeacherThatIsMissing_SaysSoAndLeavesNoRun()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 2, seconds: 4);

        var (code, _, error) = await Cli.RunAsync(SmallTraining.Arguments(folder, "run", "--feature-teacher", "/nowhere.onnx"));

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
}
