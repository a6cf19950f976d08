using StreamGenre.Training.Backbones;
using StreamGenre.Training.Data;
using StreamGenre.Training.Export;
using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Tests.Optimizers;

namespace StreamGenre.Training.Tests.Backbones;

/// <summary>YAMNet where its file is at hand, else a network that our own exporter wrote.</summary>
public sealed class YamnetTests : IDisposable
{
    private const string Generated = "own export, for want of yamnet.onnx";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Files => [SharedData.Find("models", "yamnet", "yamnet.onnx") is null ? Generated : "yamnet.onnx"];

    public static TheoryData<string> Both => SharedData.Find("models", "yamnet", "yamnet.onnx") is null ? [Generated] : [Generated, "yamnet.onnx"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Both))]
    public void Apply_File_GivesItsReferenceOutput(string file)
    {
        var (backbone, upTo, shape, x, expected) = Open(file);
        var graph = new GraphBuilder(GraphMode.Inference);
        var input = graph.Input("input", shape.With(0, TensorShape.Symbolic));

        var actual = GraphRun.Of(graph, [backbone.Apply(graph, input, upTo)], (input, x))[0];

        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Apply_TailUnfrozen_LossMovesAlongItsGradient(string file)
    {
        var (backbone, upTo, shape, x, _) = Open(file);
        var unfrozen = backbone.Layers[file == Generated ? ^2 : ^4];
        var graph = new GraphBuilder(GraphMode.Training);
        var input = graph.Input("input", shape);
        var y = backbone.Apply(graph, input, upTo, unfrozen);
        var loss = Loss(graph, y);
        var weights = graph.Parameters.ToArray();
        Assert.NotEmpty(graph.FrozenParameters);
        var gradients = GraphRun.Of(graph, Backward.Of(graph, loss, [.. weights.Select(weight => weight.Value)]), (input, x));
        var length = Math.Sqrt(gradients.Sum(gradient => gradient.Sum(value => (double)value * value)));
        Assert.All(gradients, gradient => Assert.Contains(gradient, value => value != 0));

        // A step ε along the gradient's direction changes the loss by ε·|gradient|.
        double Moved(double step)
        {
            var values = weights.Select((weight, i) => new ParameterTensor(
                weight.Name, weight.Value.Shape, [.. weight.Initial.Zip(gradients[i], (value, slope) => (float)(value + (step * slope / length)))]));
            var moved = new GraphBuilder(GraphMode.Training, values: values.ToDictionary(value => value.Name));
            var movedInput = moved.Input("input", shape);
            return GraphRun.Of(moved, [Loss(moved, backbone.Apply(moved, movedInput, upTo, unfrozen))], (movedInput, x))[0][0];
        }

        const double Step = 0.001;
        Assert.Equal(length, (Moved(Step) - Moved(-Step)) / (2 * Step), 0.02 * length);
    }

    /// <summary>Thirteen depthwise convolutions, some of stride 2 and padded on one side.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Apply_AllUnfrozenInBlocks_GradientsAreThoseOfStandardOperators(string file)
    {
        var (backbone, upTo, shape, x, _) = Open(file);
        float[][] Gradients(bool blocked)
        {
            var graph = new GraphBuilder(GraphMode.Training, blockedKernels: blocked);
            var input = graph.Input("input", shape);
            var loss = Loss(graph, backbone.Apply(graph, input, upTo, backbone.Layers[0]));
            return GraphRun.Of(graph, Backward.Of(graph, loss, [.. graph.Parameters.Select(parameter => parameter.Value)]), (input, x));
        }

        foreach (var (expected, actual) in Gradients(blocked: false).Zip(Gradients(TrainingDevice.Cpu.HasBlockedKernels)))
        {
            var tolerance = 1e-4 * expected.Max(Math.Abs);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Load_File_FindsTheFeaturesThatItsClassifierReads(string file)
    {
        var (backbone, _, shape, _, _) = Open(file);
        var graph = new GraphBuilder(GraphMode.Inference);

        var features = backbone.Apply(graph, graph.Input("input", shape));

        Assert.Equal(new TensorShape(2, file == Generated ? 6 : 1024), features.Shape);
    }

    private static Value Loss(GraphBuilder graph, Value y) =>
        graph.ReduceSum(graph.Mul(y, graph.Constant(y.Shape, GoldenValues.Numbers(y.Shape.Count, 3))), keepDims: false);

    private (OnnxBackbone Backbone, string UpTo, TensorShape Shape, float[] X, float[] Expected) Open(string file)
    {
        if (file != Generated)
        {
            var reference = NpzFile.Read(SharedData.Find("models", "yamnet", "reference.npz")!);
            return (
                OnnxBackbone.Load(SharedData.Find("models", "yamnet", file)!), "embedding", new TensorShape(2, 96, 64), reference["log_mel"].ToSingles(), reference["embedding"].ToSingles());
        }

        var shape = new TensorShape([2, .. SmallNetwork.ItemShape.Dims]);
        var start = new GraphBuilder(GraphMode.Training, seed: 4);
        SmallNetwork.Forward(start, start.Input("x", shape));
        var parameters = start.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => new ParameterTensor(parameter.Name, parameter.Value.Shape, parameter.Initial));
        var path = _folder.In("own.onnx");
        File.WriteAllBytes(path, Exporter.Export(SmallNetwork.Forward, SmallNetwork.ItemShape, parameters, new Dictionary<string, string>()));
        var x = GoldenValues.Numbers(shape.Count, 1, 4);
        using var forward = new ForwardSession(SmallNetwork.Forward, SmallNetwork.ItemShape, parameters, threads: 1);
        return (OnnxBackbone.Load(path), "logits", shape, x, forward.Run(x));
    }
}
