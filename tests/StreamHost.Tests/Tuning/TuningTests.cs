using System.Text.Json.Nodes;
using StreamGenre.StreamHost.Hosting;
using StreamGenre.StreamHost.Tuning;

namespace StreamGenre.StreamHost.Tests.Tuning;

public sealed class TuningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamgenre-tune-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Arrangements_Cores_NeverMoreThreadsThanCores()
    {
        Assert.Equal([(1, 1)], LaneTuner.Arrangements(1, onCpu: true));
        Assert.Equal([(1, 1), (1, 2), (2, 1)], LaneTuner.Arrangements(2, onCpu: true));
        var twelve = LaneTuner.Arrangements(12, onCpu: true);
        Assert.Contains((12, 1), twelve);
        Assert.Contains((1, 12), twelve);
        Assert.Contains((4, 2), twelve);
        Assert.All(twelve, pair => Assert.InRange(pair.Lanes * pair.Threads, 1, 12));
    }

    [Fact]
    public void Choice_StandardLanesAlmostAsFast_StaysWithThem()
    {
        LaneTrial[] trials = [new(1, 2, 32, 1030), new(2, 1, 32, 1000), new(2, 1, 64, 990)];
        Assert.Equal((2, 1, 32), Key(TuningChoice.Of([.. trials[..2]], standardLanes: 2)));
        Assert.Equal((1, 2, 32), Key(TuningChoice.Of([trials[0] with { WindowsPerSecond = 1100 }, trials[1]], standardLanes: 2)));
    }

    [Fact]
    public void Choice_Batches_TakesTheSmallestThatCostsNothingAndHoldsNobodyUp()
    {
        Assert.Equal((2, 1, 8), Key(TuningChoice.Of([new(2, 1, 1, 500), new(2, 1, 8, 960), new(2, 1, 16, 1000), new(2, 1, 32, 1000)], standardLanes: 2)));

        // Batches of one take 400 ms already.
        Assert.Equal((2, 1, 1), Key(TuningChoice.Of([new(2, 1, 1, 5), new(2, 1, 8, 10)], standardLanes: 2)));
    }

    [Fact]
    public void Choice_OthersTookTheProcessor_BatchesAreComparedByProcessorTime() =>
        Assert.Equal((2, 1, 4), Key(TuningChoice.Of([new(2, 1, 4, 2000, Share: 0.5), new(2, 1, 16, 4000)], standardLanes: 2)));

    [Fact]
    public void Measure_TwoArrangements_EveryOneHasItsTurn()
    {
        var path = Hosting.TestServer.WriteModel(_folder);
        var trials = LaneTuner.Measure(
            threads => GenreServer.LoadModel(new ModelOptions { Path = path, Device = Stages.Inference.InferenceDevice.Cpu, IntraOpThreads = threads }),
            [(1, 1), (2, 1)],
            [1, 4, 64],
            TimeSpan.FromMilliseconds(200),
            CancellationToken.None);
        Assert.Equal([1, 4, 64, 1, 4, 64], trials.Select(trial => trial.Batch));
        Assert.All(trials, trial => Assert.True(trial.WindowsPerSecond > 0));
    }

    [Fact]
    public void Set_FileWithOtherSettings_KeepsThemAndIsReadByTheServer()
    {
        var path = Path.Combine(_folder, "settings.json");
        File.WriteAllText(path, """{ "batching": { "maxdelay": "00:00:00.005", "lanes": 9 }, "Server": { "GrpcPort": 1234 } }""");
        SettingsFile.Set(path, [("Batching", "Lanes", 3), ("Model", "IntraOpThreads", 2)]);

        var settings = HostSettings.Load(path, []);
        Assert.Equal((3, TimeSpan.FromMilliseconds(5), 2, 1234), (settings.Batching.Lanes, settings.Batching.MaxDelay, settings.Model.IntraOpThreads, settings.Server.GrpcPort));
        Assert.Equal(["batching", "Server", "Model"], JsonNode.Parse(File.ReadAllText(path))!.AsObject().Select(entry => entry.Key));
    }

    [Fact]
    public void Set_NewFile_IsReadByTheServer()
    {
        var path = Path.Combine(_folder, "new.json");
        SettingsFile.Set(path, [("Batching", "Lanes", 3)]);
        Assert.Equal(3, HostSettings.Load(path, []).Batching.Lanes);
    }

    [Theory]
    [InlineData("{ // why\n \"Batching\": {} }")]
    [InlineData("[]")]
    public void Set_FileThatWouldLoseSomething_IsRefusedAndStays(string text)
    {
        var path = Path.Combine(_folder, "commented.json");
        File.WriteAllText(path, text);
        var error = Assert.Throws<SettingsException>(() => SettingsFile.Set(path, [("Batching", "Lanes", 3)]));
        Assert.Contains("commented.json", error.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(path));
    }

    private static (int Lanes, int Threads, int MaxBatch) Key(TuningChoice choice) => (choice.Lanes, choice.Threads, choice.MaxBatch);
}
