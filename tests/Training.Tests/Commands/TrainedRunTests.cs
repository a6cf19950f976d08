using System.Text.Json;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Tests.Commands;

/// <summary>A run from its training to what the other commands make of it.</summary>
[Trait("Category", "Server")]
public class TrainedRunTests(TrainedRun trained) : IClassFixture<TrainedRun>
{
    private static readonly float[] Window = [.. Enumerable.Range(0, 128 * 39).Select(i => MathF.Sin(i))];

    [Fact]
    public void Train_TwoGenresApartByEar_LeavesAWholeRun()
    {
        Assert.Equal((0, ""), (trained.Training.Code, trained.Training.Error));
        Assert.Contains(" validation, 0 test", trained.Training.Out, StringComparison.Ordinal);
        Assert.Equal(6, File.ReadAllLines(trained.Folder.In("run", "metrics.jsonl")).Length);
        Assert.True(File.Exists(trained.Folder.In("run", "config.json")));
    }

    [Fact]
    public async Task EvaluateAndReport_OfTheArtistsHeldBack_TellTheSameOfAModelThatHasLearnt()
    {
        var evaluate = await Cli.RunAsync("evaluate", "--model", trained.Model, "--data", trained.Folder.In("music"), "--holdout-artists", "0.25", "--cache", trained.Cache, "--json");
        Assert.Equal(0, evaluate.Code);
        using var json = JsonDocument.Parse(evaluate.Out);
        Assert.Equal(["clips", "windows", "clip_accuracy", "window_accuracy", "per_genre"], json.RootElement.EnumerateObject().Select(property => property.Name).Take(5));
        Assert.True(json.RootElement.GetProperty("clips").GetInt32() > 0);
        Assert.InRange(json.RootElement.GetProperty("clip_accuracy").GetDouble(), 0.9, 1);
        Assert.InRange(json.RootElement.GetProperty("weighted_precision").GetDouble(), 0.9, 1);

        // From a run alone: on the artists that it held back itself.
        var report = await Cli.RunAsync("report", trained.Run, "--cache", trained.Cache);
        Assert.Equal((0, ""), (report.Code, report.Error));
        using var reported = JsonDocument.Parse(await File.ReadAllTextAsync(trained.Folder.In("run", "report.json")));
        Assert.Equal(json.RootElement.GetProperty("clips").GetInt32(), reported.RootElement.GetProperty("clips").GetInt32());
        Assert.Equal(6, reported.RootElement.GetProperty("epochs").GetArrayLength());
        Assert.True(File.Exists(trained.Folder.In("run", "report.html")));
    }

    [Fact]
    public async Task Evaluate_AsText_NamesItsFigures()
    {
        var text = await Cli.RunAsync("evaluate", "--model", trained.Model, "--data", trained.Folder.In("music"), "--cache", trained.Cache);
        Assert.Equal(0, text.Code);
        Assert.Contains("final rolling top genre", text.Out, StringComparison.Ordinal);
        Assert.Contains("genre  clips  precision  recall     F1", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_ARunAndItsOwnModel_FindsNoDifference()
    {
        var compare = await Cli.RunAsync(
            "compare", trained.Run, trained.Model, "--data", trained.Folder.In("music"), "--cache", trained.Cache, "--out", trained.Folder.In("compare.html"));
        Assert.Equal((0, ""), (compare.Code, compare.Error));
        Assert.Contains("0 gained, 0 lost", compare.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.True(File.Exists(trained.Folder.In("compare.json")));
    }

    [Fact]
    public async Task Export_NameAndTemperature_StandInTheContractOfTheSameModel()
    {
        using var named = await ExportAsync("--name", "named", "--model-version", "1.2.3");
        using var original = new ModelFile(trained.Model);
        Assert.Equal(("named", "1.2.3", original.Contract.Temperature), (named.Contract.Name, named.Contract.Version, named.Contract.Temperature));
        Assert.Equal(["noise", "tones"], named.Contract.Labels);
        Assert.Empty(named.Contract.Errors());
        Assert.Equal(original.Logits(Window), named.Logits(Window));

        using var tempered = await ExportAsync("--temperature", "0.625");
        Assert.Equal(0.625, tempered.Contract.Temperature);
    }

    [Fact]
    public async Task Export_RefitPenalty_IsAnotherModelAndSaysHowItIsCalibrated()
    {
        var (code, output, error) = await Cli.RunAsync("export", trained.Run, "--out", trained.Folder.In("refitted.onnx"), "--refit-penalty", "1", "--cache", trained.Cache);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("calibration error", output, StringComparison.Ordinal);
        using var refit = new ModelFile(trained.Folder.In("refitted.onnx"));
        using var original = new ModelFile(trained.Model);
        Assert.Empty(refit.Contract.Errors());
        Assert.NotEqual(original.Logits(Window), refit.Logits(Window));
    }

    [Fact]
    public async Task Export_Odds_ShiftTheLogOdds()
    {
        using var plain = await ExportAsync("--temperature", "0.625");
        using var shifted = await ExportAsync("--temperature", "0.625", "--odds", "tones=3");
        Assert.Equal(LogOdds(plain) + Math.Log(3), LogOdds(shifted), 1e-5);
    }

    [Theory]
    [InlineData("--refit-penalty", "0", "--refit-penalty is 0; it must be above 0")]
    [InlineData("--refit-guide", "adapted.onnx", "--refit-guide is where the fit of the last layer begins; say how far it may go from there with --refit-penalty")]
    [InlineData("--temperature", "0", "error: the temperature is 0; it must be above 0")]
    [InlineData("--odds", "tones=0", "--odds is 'tones=0'")]
    [InlineData("--odds", "tones", "--odds is 'tones'")]
    [InlineData("--odds", "tones=1,5", "--odds is 'tones=1,5'")]
    [InlineData("--odds", "polka=2", "--odds names 'polka', which the run doesn't know; it knows noise, tones")]
    public async Task Export_OutOfRange_SaysSoAndExitsWithTwo(string option, string value, string said)
    {
        var (code, _, error) = await Cli.RunAsync("export", trained.Run, "--out", trained.Folder.In("refused.onnx"), option, value);
        Assert.Equal(2, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    private static double LogOdds(ModelFile file) => (file.Logits(Window)[1] - file.Logits(Window)[0]) / file.Contract.Temperature;

    private async Task<ModelFile> ExportAsync(params string[] more)
    {
        var path = trained.Folder.In($"{Guid.NewGuid():N}.onnx");
        var (code, _, error) = await Cli.RunAsync(["export", trained.Run, "--out", path, .. more]);
        Assert.Equal((0, ""), (code, error));
        return new ModelFile(path);
    }
}
