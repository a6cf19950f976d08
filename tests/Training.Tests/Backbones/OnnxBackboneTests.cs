using System.Text.Json;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Export;
using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Tests.Backbones;

/// <summary>A small MobileNet that PyTorch exported, its features and gradients (Golden/make_backbone_golden.py).</summary>
public sealed class OnnxBackboneTests
{
    private const string Tail = "tail";

    private static readonly TensorShape InputShape = new(2, 1, 14, 12);

    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Golden", "backbone.onnx");

    private static readonly JsonElement Golden = GoldenValues.Read("backbone.json");

    private static OnnxBackbone Backbone => OnnxBackbone.Load(File);

    [Fact]
    public void Apply_TailUnfrozen_FeaturesAndGradientsMatchPyTorch()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", InputShape);
        var features = Backbone.Apply(graph, x, unfreezeFrom: Tail);
        var loss = graph.ReduceSum(graph.Mul(features, graph.Constant(features.Shape, Numbers("r"))), keepDims: false);
        var gradients = Backward.Of(graph, loss, [.. graph.Parameters.Select(parameter => parameter.Value)]);

        var results = GraphRun.Of(graph, [features, .. gradients], (x, Numbers("x")));

        GoldenValues.AssertClose(Golden.GetProperty("features"), results[0], 1e-5, "features");
        var expected = Golden.GetProperty("gradients").EnumerateObject().ToDictionary(property => OnnxBackbone.Prefix + property.Name, property => property.Value);
        Assert.Equal(expected.Keys.Order(), graph.Parameters.Select(parameter => parameter.Name).Order());
        for (var i = 0; i < graph.Parameters.Count; i++)
        {
            GoldenValues.AssertClose(expected[graph.Parameters[i].Name], results[i + 1], 1e-4, graph.Parameters[i].Name);
        }
    }

    [Fact]
    public void Apply_InferenceWithOpenBatch_MatchesPyTorch()
    {
        var graph = new GraphBuilder(GraphMode.Inference);
        var x = graph.Input("x", InputShape.With(0, TensorShape.Symbolic));
        var features = Backbone.Apply(graph, x);
        Assert.Equal(new TensorShape(TensorShape.Symbolic, 24), features.Shape);

        GoldenValues.AssertClose(Golden.GetProperty("features"), GraphRun.Of(graph, [features], (x, Numbers("x")))[0], 1e-5, "features");
    }

    [Fact]
    public void Apply_Frozen_LeavesOnlyTheHeadToTheOptimizer()
    {
        using var session = Session(unfreezeFrom: null, start: null);

        Assert.Equal(["head.bias", "head.weight"], session.Parameters().Keys.Order());
        Assert.Equal((24 * 3) + 3, session.WeightCount);
    }

    [Fact]
    public void Apply_FrozenThenUnfrozenThenFrozen_GoesOnFromTheSameValues()
    {
        using var frozen = Session(unfreezeFrom: null, start: null);
        Train(frozen);
        var trained = frozen.Parameters();
        using var tuned = Session(Tail, trained);
        var forwardBefore = Forward(Tail, trained);
        Assert.Equal(Forward(unfreezeFrom: null, trained), forwardBefore);

        Train(tuned);
        var fine = tuned.Parameters();
        Assert.Contains("backbone.tail.0.weight", fine.Keys);
        Assert.DoesNotContain("backbone.stem.0.weight", fine.Keys);
        var forwardAfter = Forward(Tail, fine);

        Assert.NotEqual(forwardBefore, forwardAfter);
        Assert.Equal(Forward(unfreezeFrom: null, fine), forwardAfter);
    }

    [Fact]
    public void Apply_UpToALayer_StopsThere()
    {
        var graph = new GraphBuilder(GraphMode.Inference);

        var y = Backbone.Apply(graph, graph.Input("x", InputShape), upTo: "/stem/stem.2/Clip");

        Assert.Equal(new TensorShape(2, 4, 7, 6), y.Shape);
        Assert.Equal("backbone.stem.0.weight", graph.FrozenParameters[0].Name);
        Assert.Equal(5, graph.FrozenParameters.Count);
    }

    [Fact]
    public void Load_PyTorchModel_KnowsItsInputFeaturesAndLayers()
    {
        var backbone = Backbone;

        Assert.Equal("image", backbone.InputName);
        Assert.Equal(new TensorShape(TensorShape.Symbolic, 1, 14, 12), backbone.InputShape);
        Assert.Equal("/Reshape_output_0", backbone.Features);
        Assert.Equal(("/stem/stem.0/Conv", "/classifier/Gemm"), (backbone.Layers[0], backbone.Layers[^1]));
    }

    [Theory]
    [InlineData("nowhere", null, "'nowhere'")]
    [InlineData(null, "nowhere", "'nowhere'")]
    [InlineData("/stem/stem.2/Clip", "tail", "'tail'")]
    public void Apply_NameThatDoesntFit_ThrowsNamingItAndTheLayers(string? upTo, string? unfreezeFrom, string named)
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", InputShape);

        var error = Assert.Throws<TrainingException>(() => Backbone.Apply(graph, x, upTo, unfreezeFrom));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("/tail/tail.0/Conv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_InputOfAnotherSize_ThrowsNamingBoth()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(2, 1, 128, 39));

        var error = Assert.Throws<TrainingException>(() => Backbone.Apply(graph, x));

        Assert.Contains("[N, 1, 14, 12]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 1, 128, 39]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileThatIsMissingOrNoModel_ThrowsNamingIt()
    {
        using var folder = new TemporaryFolder();
        var text = folder.In("text.onnx");
        System.IO.File.WriteAllText(text, "no model");

        Assert.Contains("text.onnx", Assert.Throws<TrainingException>(() => OnnxBackbone.Load(text)).Message, StringComparison.Ordinal);
        Assert.Contains("gone.onnx", Assert.Throws<TrainingException>(() => OnnxBackbone.Load(folder.In("gone.onnx"))).Message, StringComparison.Ordinal);
    }

    private static float[] Numbers(string name) => [.. Golden.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];

    private static Func<GraphBuilder, Value, Value> Network(string? unfreezeFrom) =>
        (graph, x) => graph.DenseLayer("head", Backbone.Apply(graph, x, unfreezeFrom: unfreezeFrom), 3);

    private static TrainingSession Session(string? unfreezeFrom, IReadOnlyDictionary<string, ParameterTensor>? start) =>
        TrainingSession.Create(Network(unfreezeFrom), InputShape, 3, new Adam(), new TrainingOptions { Threads = 1 }, start);

    private static void Train(TrainingSession session)
    {
        for (var step = 0; step < 3; step++)
        {
            session.Step(Numbers("x"), [1, 0, 0, 0, 1, 0], 0.01f);
        }
    }

    private static float[] Forward(string? unfreezeFrom, IReadOnlyDictionary<string, ParameterTensor> parameters)
    {
        using var forward = new ForwardSession(Network(unfreezeFrom), new TensorShape(1, 14, 12), parameters, threads: 1);
        return forward.Run(Numbers("x"));
    }
}
