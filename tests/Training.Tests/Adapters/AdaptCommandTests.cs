using StreamGenre.Stages.Contract;
using StreamGenre.Training.Adapters;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Runs;
using StreamGenre.Training.Tests.Commands;

namespace StreamGenre.Training.Tests.Adapters;

public class AdaptCommandTests
{
    [Fact]
    public async Task Adapt_SmallBackboneOnGeneratedAudio_WritesATeacherOfWindows()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), 6, 6);
        var backbone = WriteBackbone(folder);

        var (code, output, error) = await Cli.RunAsync(
            "adapt", "--backbone", backbone, "--data", folder.In("music"), "--classes", WriteClasses(folder, 5), "--out", folder.In("adapted.onnx"), "--picture-steps", "12", "--feature-steps", "12", "--tune-steps", "6",
            "--batch", "4", "--channels", "8", "--holdout-artists", "0.34", "--threads", "1", "--cache", folder.In("cache"));

        Assert.True(code == 0, error);
        Assert.Contains("of the variance explained", output, StringComparison.Ordinal);
        using var teacher = new FeatureTeacher(folder.In("adapted.onnx"), new FrontEnd().Contract("student", "0", ["class 2", "other"]), folder.In("cache"), 1);
        Assert.Equal(24, teacher.Count);
        Assert.Equal(["class 2", null], teacher.Genres);
        Assert.Equal(WindowNormalization.None, teacher.Contract.Normalization);
        // The loudness of a window says nothing.
        var window = Enumerable.Range(0, 128 * 39).Select(i => (20 * MathF.Sin(i * 0.01f)) - 30).ToArray();
        var louder = window.Select(cell => cell + 13).ToArray();
        Assert.All(teacher.Features(window).Zip(teacher.Features(louder)), pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        // The scores are the backbone's own last layer on those features, before its sigmoid.
        Assert.Equal(new DenseInFile(backbone, "classes").Of(teacher.Features(window))[2], teacher.Scores(window)[0], 1e-4);
        Assert.Equal(0, teacher.Scores(window)[1]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    public async Task Adapt_InterruptedInAnyPart_ResumesToTheSameBits(int interruptedAt)
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), 6, 6);
        var options = new AdapterOptions { PictureSteps = 4, FeatureSteps = 3, TuneSteps = 3, BatchWindows = 2, Channels = 4, HoldOutArtists = 0.34, Threads = 1 };
        var window = new FrontEnd { Normalization = WindowNormalization.None }.Contract("adapter", "0", ["one", "other"]);
        var grid = new AdapterGrid(window, YamnetFrontEnd.Mel, YamnetFrontEnd.Frames);
        var backbone = OnnxBackbone.Load(WriteBackbone(folder));
        var data = await AdapterData.ReadAsync([folder.In("music")], window, grid, options, folder.In("cache"), report: null, CancellationToken.None);
        var settings = new AdapterSettings(backbone.Path, data.TrainingCount, options);
        byte[] Train(AdapterCheckpoint checkpoint, Action<int> step, CancellationToken cancellation = default) =>
            new AdapterTraining(options, backbone, window, grid, []).Run(data, checkpoint, (done, _, _) => step(done), cancellation).Model;
        using var interruption = new CancellationTokenSource();
        var steps = new List<int>();

        Assert.Throws<OperationCanceledException>(() => Train(
            new AdapterCheckpoint(folder.In("cut.npz"), settings, TimeSpan.Zero), step => (step == interruptedAt ? interruption : null)?.Cancel(), interruption.Token));
        var resumed = Train(AdapterCheckpoint.Resume(folder.In("cut.npz"), settings, TimeSpan.Zero), steps.Add);

        Assert.Equal(Enumerable.Range(interruptedAt + 1, 10 - interruptedAt), steps);
        Assert.Equal(Train(new AdapterCheckpoint(folder.In("whole.npz"), settings, TimeSpan.FromHours(1)), _ => { }), resumed);
    }

    [Fact]
    public async Task Adapt_ResumedWithOtherSettings_NamesThem()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), 6, 6);
        string[] command =
        [
            "adapt", "--backbone", WriteBackbone(folder), "--data", folder.In("music"), "--out", folder.In("adapted.onnx"), "--picture-steps", "1", "--feature-steps", "1", "--tune-steps", "1",
            "--batch", "2", "--holdout-artists", "0.34", "--threads", "1", "--resume", "--cache", folder.In("cache"),
        ];
        var settings = new AdapterSettings(folder.In("backbone.onnx"), 8, new AdapterOptions { PictureSteps = 1, FeatureSteps = 1, TuneSteps = 2, BatchWindows = 2, HoldOutArtists = 0.34, Threads = 1 });
        CheckpointFile.Write(folder.In("adapted.checkpoint.npz"), new { settings, steps = 1 }, []);

        var (code, _, error) = await Cli.RunAsync(command);

        Assert.Equal(2, code);
        Assert.Contains("was begun with other settings: options.tune_steps was 2 and is 1; give the same ones", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapt_ClassMapOfAnotherNetwork_IsRefused()
    {
        using var folder = new TemporaryFolder();

        var (code, _, error) = await Cli.RunAsync(
            "adapt", "--backbone", WriteBackbone(folder), "--classes", WriteClasses(folder, 6), "--data", "music", "--out", folder.In("adapted.onnx"), "--cache", folder.In("cache"));

        Assert.Equal(2, code);
        Assert.Contains("classes.csv names 6 classes in a column display_name, and", error, StringComparison.Ordinal);
        Assert.Contains("scores 5; give the class map that it came with", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adapt_StoredMels_AreRefused()
    {
        using var folder = new TemporaryFolder();

        var (code, _, error) = await Cli.RunAsync("adapt", "--backbone", WriteBackbone(folder), "--data", "mels.npz", "--out", folder.In("adapted.onnx"), "--cache", folder.In("cache"));

        Assert.Equal(2, code);
        Assert.Contains("mels.npz holds mels; an adapter learns from audio", error, StringComparison.Ordinal);
    }

    private static string WriteClasses(TemporaryFolder folder, int count)
    {
        File.WriteAllLines(folder.In("classes.csv"), ["index,mid,display_name", .. Enumerable.Range(0, count).Select(i => $"{i},/m/{i},\"class {i}\"")]);
        return folder.In("classes.csv");
    }

    /// <summary>A little network of YAMNet's form.</summary>
    private static string WriteBackbone(TemporaryFolder folder)
    {
        static Value Forward(GraphBuilder graph, Value x)
        {
            x = graph.Unsqueeze(x, 1);
            foreach (var (name, channels) in new[] { ("a", 4L), ("b", 6), ("c", 6), ("d", 8), ("e", 12), ("f", 24) })
            {
                x = graph.Relu(graph.ConvLayer(name, x, channels, Window2D.Square(3, stride: name is "a" or "c" or "e" ? 2 : 1, pad: 1), bias: true));
            }

            return graph.Sigmoid(graph.DenseLayer("classes", graph.Flatten(graph.GlobalAveragePool(x)), 5));
        }

        var shape = new TensorShape(YamnetFrontEnd.Frames, YamnetFrontEnd.Mel.MelBins);
        var path = folder.In("backbone.onnx");
        File.WriteAllBytes(path, Exporter.Export(Forward, shape, DrawnWeights.Of(Forward, shape, seed: 5), new Dictionary<string, string>(), "log_mel", "scores"));
        return path;
    }
}
