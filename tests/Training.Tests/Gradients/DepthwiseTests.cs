using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Tests.Gradients;

/// <summary>Depthwise convolutions in whole blocks of channels, by ONNX Runtime's blocked operators and by the standard ones.</summary>
public sealed class DepthwiseTests
{
    private static readonly Window2D Plain = Window2D.Square(3, pad: 1);

    // Leaves the picture's last row out.
    private static readonly Window2D Strided = new() { Kernel = [3, 3], Strides = [2, 1], Pads = [0, 1, 0, 1], Dilations = [1, 2] };

    /// <summary>Against PyTorch's conv2d (Golden/make_operator_golden.py).</summary>
    [Theory]
    [InlineData("depthwise", false)]
    [InlineData("depthwise", true)]
    [InlineData("depthwise_strided", false)]
    [InlineData("depthwise_strided", true)]
    public void Conv_Depthwise_OutputAndGradientsMatchPyTorch(string name, bool blocked)
    {
        var golden = GoldenValues.Read("operator_golden.json").GetProperty(name);
        var graph = new GraphBuilder(GraphMode.Training, blockedKernels: blocked && TrainingDevice.Cpu.HasBlockedKernels);
        var x = graph.Input("x", new TensorShape(2, 16, 6, 5));
        var weight = graph.Input("weight", new TensorShape(16, 1, 3, 3));
        var bias = graph.Input("bias", new TensorShape(16));
        var y = graph.Conv(x, weight, bias, name == "depthwise" ? Plain : Strided, groups: 16);
        var loss = graph.ReduceSum(graph.Mul(y, graph.Constant(y.Shape, GoldenValues.Numbers(y.Shape.Count, 2))), keepDims: false);

        var results = GraphRun.Of(
            graph,
            [y, .. Backward.Of(graph, loss, [x, weight, bias])],
            (x, GoldenValues.Numbers(x.Shape.Count, 1)),
            (weight, GoldenValues.Numbers(weight.Shape.Count, 3)),
            (bias, GoldenValues.Numbers(bias.Shape.Count, 4)));

        foreach (var (part, values) in new[] { "y", "x", "weight", "bias" }.Zip(results))
        {
            GoldenValues.AssertClose(golden.GetProperty(part), values, 1e-5, part);
        }
    }

    [Theory]
    [InlineData(true, 16, true)]
    [InlineData(true, 24, false)]
    [InlineData(false, 16, false)]
    public void Conv_Depthwise_IsBlockedOnlyInTrainingAndInWholeBlocks(bool training, int channels, bool blocked)
    {
        var graph = new GraphBuilder(training ? GraphMode.Training : GraphMode.Inference, blockedKernels: true);
        var x = graph.Input("x", new TensorShape(1, channels, 4, 4));

        var model = graph.ToModel([("y", graph.ConvLayer("depthwise", x, channels, Plain, groups: channels))], embedParameters: true);

        Assert.Equal(blocked, model.OpsetImport.Any(opset => opset.Domain.Length > 0));
        Assert.Equal(blocked, model.Graph.Node.Any(node => node.Domain.Length > 0));
    }

    [Fact]
    public void Step_DepthwiseOnTwoThreads_RepeatsBitForBit()
    {
        static float[] Trained()
        {
            using var session = TrainingSession.Create(
                (graph, x) =>
                {
                    x = graph.Relu(graph.BatchNormLayer("norm", graph.ConvLayer("depthwise", x, 32, Strided, groups: 32)));
                    return graph.DenseLayer("head", graph.Flatten(graph.GlobalAveragePool(x)), 3);
                },
                new TensorShape(8, 32, 64, 20),
                classes: 3,
                new AdamW(),
                new TrainingOptions { Threads = 2 });
            for (var step = 0; step < 3; step++)
            {
                session.Step(GoldenValues.Numbers(8 * 32 * 64 * 20, step), [.. Enumerable.Repeat(1 / 3f, 24)], 0.01f);
            }

            return session.Capture().Vectors[TrainingStep.WeightsName];
        }

        Assert.Equal(Trained(), Trained());
    }
}
