using Grpc.Net.Client;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Tests.Inference;
using StreamGenre.StreamHost.Hosting;
using static StreamGenre.V1.GenreStreamService;

namespace StreamGenre.StreamHost.Tests.Hosting;

/// <summary>A real server on free loopback ports, with a small real ONNX model, and a client of it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly string _folder;

    private TestServer(string folder, GenreServer server)
    {
        _folder = folder;
        Server = server;
        Channel = GrpcChannel.ForAddress(server.GrpcAddress);
        Client = new GenreStreamServiceClient(Channel);
    }

    public GenreServer Server { get; }

    public GrpcChannel Channel { get; }

    public GenreStreamServiceClient Client { get; }

    public static async Task<TestServer> StartAsync(params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("streamgenre-test-").FullName;
        var overrides = new Dictionary<string, string?>
        {
            ["Server:BindAddress"] = "127.0.0.1",
            ["Server:GrpcPort"] = "0",
            ["Server:HttpPort"] = "0",
            ["Model:Path"] = WriteModel(folder),
            ["Model:Device"] = "cpu",
            ["Logging:LogLevel:Default"] = "None",
        };
        foreach (var (key, value) in settings)
        {
            overrides[key] = value;
        }

        return new TestServer(folder, await GenreServer.StartAsync(HostSettings.Load(null, overrides), TimeProvider.System, CancellationToken.None));
    }

    /// <summary>A model with the default front end whose scores depend on the sound.</summary>
    public static string WriteModel(string folder)
    {
        var contract = new ModelContract { Name = "tiny", Version = "0.1", Labels = ["alpha", "beta", "gamma", "delta"], TrainingData = "none", License = "CC0-1.0" };
        var path = Path.Combine(folder, "tiny.onnx");
        File.WriteAllBytes(path, new TinyOnnxModel { Mels = 128, Frames = 39, Labels = 4, Metadata = contract.ToMetadata() }.Bytes());
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
