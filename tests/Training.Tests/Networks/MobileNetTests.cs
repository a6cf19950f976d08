using StreamGenre.Stages.Contract;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Runs;
using StreamGenre.Training.Tests.Commands;

namespace StreamGenre.Training.Tests.Networks;

public class MobileNetTests
{
    private const int Batch = 2;

    private const int OwnFeatures = 6;

    private static readonly TensorShape Shape = new(Batch, 1, 64, 96);

    private static TrainingRunOptions Options => MobileNet.Network.Recipe with { Network = MobileNet.Network.Name, Init = TestBackbone.For("mobilenet"), Data = ["music"] };

    [Fact]
    public void Session_FrozenPhase_DifferentiatesTheHeadAlone()
    {
        using var whole = Phases(Options with { FrozenEpochs = 0 });
        using var phases = Phases(Options with { FrozenEpochs = 1 });

        var frozen = phases.Open(0);

        // The file has two convolutions; the gradient of one by its input is a transposed convolution.
        Assert.Equal(2, Convolutions(frozen));
        Assert.True(Convolutions(whole.Open(0)) > 2);
        Assert.Equal(["head.weight", "head.bias"], frozen.Parameters().Keys);
        Assert.All(frozen.Layout, vector => Assert.Equal((8 * 3) + 3, vector.Start.Length));
    }

    [Fact]
    public void After_LastFrozenStep_GoesOnWithTheHeadAndTheFilesBackbone()
    {
        using var phases = Phases(Options with { FrozenEpochs = 1, AverageDecay = 0.9 });
        var session = phases.Open(0);
        var start = session.Parameters();
        Step(session);
        Assert.Same(session, phases.After(session, new RunProgress { Steps = 1 }));
        Step(session);
        var (head, average) = (session.Parameters()["head.weight"].Values, session.Parameters(average: true)["head.weight"].Values);

        var thawed = phases.After(session, new RunProgress { Steps = 2 });

        Assert.NotSame(session, thawed);
        Assert.Equal(2, thawed.Steps);
        Assert.NotEqual(start["head.weight"].Values, head);
        Assert.Equal(head, thawed.Parameters()["head.weight"].Values);
        Assert.Equal(average, thawed.Parameters(average: true)["head.weight"].Values);
        Assert.All(thawed.Capture().Vectors["adam.mean"], moment => Assert.Equal(0, moment));
        var backbone = thawed.Parameters().Where(pair => pair.Key.StartsWith(OnnxBackbone.Prefix, StringComparison.Ordinal)).ToList();
        Assert.Equal(4, backbone.Count);
        Step(thawed);
        Assert.All(backbone, pair => Assert.NotEqual(pair.Value.Values, thawed.Parameters()[pair.Key].Values));
    }

    [Fact]
    public void Step_ShareOfTheRate_ScalesTheUpdate()
    {
        using var whole = Session(new FineTuning(OnnxBackbone.Prefix, Share: 1));
        using var tenth = Session(new FineTuning(OnnxBackbone.Prefix, Share: 0.1));
        var start = whole.Parameters();

        Step(whole);
        Step(tenth);

        foreach (var (name, tensor) in whole.Parameters())
        {
            var share = name.StartsWith(OnnxBackbone.Prefix, StringComparison.Ordinal) ? 0.1 : 1;
            var other = tenth.Parameters()[name].Values;
            for (var i = 0; i < other.Length; i++)
            {
                Assert.Equal(share * (tensor.Values[i] - start[name].Values[i]), other[i] - start[name].Values[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Forward_FrozenThroughout_TrainsTheHeadAlone()
    {
        var graph = new GraphBuilder(GraphMode.Training);

        NetworkCatalog.Of(Options with { FrozenEpochs = 20, Epochs = 20 }).Forward(3, 0)(graph, graph.Input("x", Shape));

        Assert.Equal(["head.weight", "head.bias"], graph.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(4, graph.FrozenParameters.Count);
    }

    [Fact]
    public void Forward_UnfrozenFromALayer_TrainsItAndWhatFollows()
    {
        var graph = new GraphBuilder(GraphMode.Training);

        NetworkCatalog.Of(Options with { UnfreezeFrom = "second.weight" }).Forward(3, 0)(graph, graph.Input("x", Shape));

        Assert.Equal(4, graph.Parameters.Count);
        Assert.Equal(2, graph.FrozenParameters.Count);
    }

    [Fact]
    public void Errors_NoBackbone_SaysHowToNameOne() =>
        Assert.Contains(Assert.Single((Options with { Init = null }).Errors()), MobileNet.NeedsBackbone, StringComparison.Ordinal);

    [Fact]
    public void Errors_BackboneForAnotherNetwork_SaysSo() =>
        Assert.Contains("--init", Assert.Single((Options with { Network = "conv4", FrozenEpochs = 0 }).Errors()), StringComparison.Ordinal);

    [Fact]
    public async Task Train_BackboneOfOurOwnWindows_IsFedThemAndGivesTheFilesFeatures()
    {
        using var folder = new TemporaryFolder();
        GeneratedAudio.WriteFolder(folder.In("music"), recordings: 6, seconds: 6);
        var backbone = WriteBackboneOfOurWindows(folder);
        string[] train =
        [
            "train", "--network", "mobilenet", "--init", backbone, "--frozen-epochs", "1", "--epochs", "1", "--epoch-windows", "64", "--batch", "16",
            "--data", folder.In("music"), "--cache", folder.In("cache"), "--run", folder.In("run"),
        ];

        var (code, _, error) = await Cli.RunAsync(train);

        Assert.True(code == 0, error);
        using var model = new ModelFile(folder.In("run/model.onnx"));
        Assert.Equal((new MelOptions(), WindowNormalization.None, 39), (model.Contract.Mel, model.Contract.Normalization, model.Contract.PatchFrames));
        using var teacher = new FeatureTeacher(backbone, model.Contract, folder.In("cache"), 1);
        var windows = Enumerable.Range(0, 3 * 128 * 39).Select(i => (20 * MathF.Sin(i * 0.013f)) - 40).ToArray();
        var head = new DenseInFile(folder.In("run/model.onnx"), "head");
        var expected = teacher.Features(windows).Chunk(OwnFeatures).SelectMany(head.Of);
        Assert.All(expected.Zip(model.Logits(windows)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));

        (code, _, error) = await Cli.RunAsync([.. train, "--mels", "64"]);
        Assert.Equal((2, $"error: the backbone {backbone} takes windows of the default front end; leave out --mels{Environment.NewLine}"), (code, error));
    }

    [Fact]
    public async Task Train_NoBackbone_EndsWithTwoAndOneLine()
    {
        var (code, _, error) = await Cli.RunAsync("train", "--data", "music", "--network", "mobilenet");

        Assert.Equal((2, $"error: {MobileNet.NeedsBackbone}{Environment.NewLine}"), (code, error));
    }

    /// <summary>What <c>adapt</c> makes, in small: two pictures out of each window, their mean features and their mean scores.</summary>
    private static string WriteBackboneOfOurWindows(TemporaryFolder folder)
    {
        static IReadOnlyList<(string Name, Value Value)> Outputs(GraphBuilder graph, Value x)
        {
            var pictures = graph.Reshape(graph.Sub(x, graph.ReduceMax(x, [1, 2, 3])), new TensorShape(TensorShape.Symbolic, 1, 64, 39));
            var maps = graph.Relu(graph.ConvLayer("first", pictures, OwnFeatures, Window2D.Square(5, stride: 4), bias: true));
            var features = graph.Flatten(graph.GlobalAveragePool(maps));
            return
            [
                .. new[] { (FeatureTeacher.FeaturesName, features), (FeatureTeacher.ScoresName, graph.DenseLayer("classes", features, 5)) }.Select(output =>
                    (output.Item1, graph.ReduceMean(graph.Reshape(output.Item2, new TensorShape(TensorShape.Symbolic, 2, output.Item2.Shape[1])), [1], keepDims: false))),
            ];
        }

        var window = new TensorShape(1, 128, 39);
        var metadata = new Dictionary<string, string> { [FeatureTeacher.NormalizationKey] = "None" };
        File.WriteAllBytes(folder.In("own.onnx"), Exporter.Export(Outputs, window, DrawnWeights.Of((graph, x) => Outputs(graph, x)[1].Value, window, seed: 4), metadata, "mel"));
        return folder.In("own.onnx");
    }

    // Two steps an epoch.
    private static TrainingPhases Phases(TrainingRunOptions options)
    {
        var run = options with { BatchWindows = Batch, EpochWindows = 2 * Batch, Epochs = 3 };
        return new TrainingPhases(run, new TrainingLoss(run, null, 3), new TensorShape([.. Shape.Dims[1..]]), 3);
    }

    private static int Convolutions(TrainingSession session) => session.Model.Graph.Node.Count(node => node.OpType.StartsWith("Conv", StringComparison.Ordinal));

    private static TrainingSession Session(FineTuning fineTuning) => TrainingSession.Create(
        NetworkCatalog.Of(Options).Forward(3, 0), Shape, 3, new Sgd(), new TrainingOptions { Seed = 1, FineTuning = fineTuning });

    private static void Step(TrainingSession session)
    {
        var x = Enumerable.Range(0, (int)Shape.Count).Select(i => MathF.Sin(i * 0.37f)).ToArray();
        session.Step(x, [1, 0, 0, 0, 0, 1], 0.1f);
    }
}
