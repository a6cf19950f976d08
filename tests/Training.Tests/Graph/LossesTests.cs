using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Tests.Gradients;

namespace StreamGenre.Training.Tests.Graph;

/// <summary>Losses and activations against PyTorch's (Golden/make_operator_golden.py) and their gradients against central differences.</summary>
public sealed class LossesTests
{
    private static readonly TensorShape Shape = new(5, 4);

    /// <summary>The costs of the golden values: a formula's, 0 on the diagonal.</summary>
    private static readonly float[] Costs = [.. GoldenValues.Numbers(16, 4).Select((value, i) => i % 5 == 0 ? 0 : value + 0.5f)];

    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Losses = new()
    {
        ["cross_entropy"] = (graph, z) => graph.SoftmaxCrossEntropy(z, Targets(graph)),
        ["cost_sensitive"] = (graph, z) => graph.CostSensitiveCrossEntropy(z, Targets(graph), Costs, 0.7),
        ["sigmoid"] = (graph, z) => graph.SigmoidCrossEntropy(z, Chances(graph)),
        ["distillation"] = (graph, z) => graph.DistillationLoss(z, Targets(graph), graph.Constant(Shape, GoldenValues.Numbers(20, 3, 8)), 3, 0.6),
        ["mean_squared_error"] = (graph, z) => graph.MeanSquaredError(z, Chances(graph)),
        ["hard_swish"] = (graph, z) => graph.ReduceSum(graph.Mul(graph.HardSwish(z), Chances(graph)), keepDims: false),
        ["relu6"] = (graph, z) => graph.ReduceSum(graph.Mul(graph.Relu6(z), Chances(graph)), keepDims: false),
    };

    public static TheoryData<string> Names => [.. Losses.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_ValueAndGradient_MatchPyTorch(string name)
    {
        var golden = GoldenValues.Read("operator_golden.json").GetProperty(name);
        var graph = new GraphBuilder(GraphMode.Training);
        var z = graph.Input("z", Shape);
        var loss = Losses[name](graph, z);

        var results = GraphRun.Of(graph, [loss, Backward.Of(graph, loss, [z])[0]], (z, GoldenValues.Numbers(20, 1, 20)));

        Assert.Equal(golden.GetProperty("loss").GetDouble(), Assert.Single(results[0]), 2e-5);
        GoldenValues.AssertClose(golden.GetProperty("logits"), results[1], 2e-6, name);
    }

    [Theory]
    [InlineData("cross_entropy")]
    [InlineData("cost_sensitive")]
    [InlineData("distillation")]
    [InlineData("mean_squared_error")]
    public void Loss_RandomLogits_GradientMatchesCentralDifferences(string name) =>
        Assert.NotEmpty(GradientChecker.Check(new GradientCase([Shape], (graph, z) => Losses[name](graph, z[0])), new Random(1)));

    [Fact]
    public void SigmoidCrossEntropy_HugeLogits_StaysExact()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var z = graph.Input("z", new TensorShape(1, 4));
        var loss = graph.SigmoidCrossEntropy(z, graph.Constant(z.Shape, [1, 0, 0, 1]));

        var results = GraphRun.Of(graph, [loss, Backward.Of(graph, loss, [z])[0]], (z, [200, -200, 200, 0]));

        Assert.Equal((200 + Math.Log(2)) / 4, results[0][0], 1e-5);
        Assert.Equal([0f, 0, 0.25f, -0.125f], results[1]);
    }

    [Fact]
    public void DistillationLoss_StudentIsTheTeacher_IsTheHardLossAlone()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var z = graph.Input("z", Shape);

        var results = GraphRun.Of(
            graph,
            [graph.DistillationLoss(z, Targets(graph), z, 4, 0.25), graph.SoftmaxCrossEntropy(z, Targets(graph))],
            (z, GoldenValues.Numbers(20, 1, 6)));

        Assert.Equal(0.75 * results[1][0], results[0][0], 1e-5);
    }

    [Theory]
    [InlineData(new float[] { 0, 1, 1 }, "4 numbers")]
    [InlineData(new float[] { 0, 1, -2, 0 }, "-2")]
    [InlineData(new float[] { 0, 1, 2, 3 }, "diagonal")]
    public void CostSensitiveCrossEntropy_UnfitCosts_ThrowsNamingThem(float[] costs, string named)
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var z = graph.Input("z", new TensorShape(1, 2));
        var targets = graph.Input("targets", new TensorShape(1, 2));

        var error = Assert.Throws<ArgumentException>(() => graph.CostSensitiveCrossEntropy(z, targets, costs));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SigmoidCrossEntropy_TargetsOfAnotherShape_ThrowsNamingBoth()
    {
        var graph = new GraphBuilder(GraphMode.Training);

        var error = Assert.Throws<ArgumentException>(() =>
            graph.SigmoidCrossEntropy(graph.Input("z", new TensorShape(2, 3)), graph.Input("targets", new TensorShape(2, 4))));

        Assert.Contains("[2, 4]", error.Message, StringComparison.Ordinal);
    }

    private static Value Chances(GraphBuilder graph) =>
        graph.Constant(Shape, [.. GoldenValues.Numbers(20, 2).Select(value => value + 0.5f)]);

    private static Value Targets(GraphBuilder graph) => graph.Constant(Shape, [.. GoldenValues.Numbers(20, 2, 6)
        .Select(value => MathF.Exp(value))
        .Chunk(4)
        .SelectMany(row => row.Select(value => value / row.Sum()))]);
}
