namespace StreamGenre.Training.Tests.Commands;

/// <summary>A run that was trained to its end, once for all tests that use it.</summary>
public sealed class TrainedRun : IAsyncLifetime
{
    internal TemporaryFolder Folder { get; } = new();

    internal (int Code, string Out, string Error) Training { get; private set; }

    internal string Run => Folder.In("run");

    internal string Model => Folder.In("run", "model.onnx");

    internal string Cache => Folder.In("cache");

    public async Task InitializeAsync()
    {
        GeneratedAudio.WriteFolder(Folder.In("music"), recordings: 8, seconds: 6);
        Training = await SmallTraining.TrainAsync(Folder, "run");
    }

    public Task DisposeAsync()
    {
        Folder.Dispose();
        return Task.CompletedTask;
    }
}
