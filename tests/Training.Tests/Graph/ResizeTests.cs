using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests.Graph;

public sealed class ResizeTests
{
    /// <summary>Against PyTorch's interpolate, bilinear and area (Golden/make_operator_golden.py).</summary>
    [Theory]
    [InlineData(20, 16)]
    [InlineData(8, 5)]
    [InlineData(5, 4)]
    public void ResizeBilinear_OutputAndGradient_MatchPyTorch(int height, int width)
    {
        var golden = GoldenValues.Read("operator_golden.json").GetProperty($"resize_{height}x{width}");
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(1, 2, 13, 9));
        var y = graph.ResizeBilinear(x, height, width);
        Assert.Equal(new TensorShape(1, 2, height, width), y.Shape);
        var loss = graph.ReduceSum(graph.Mul(y, graph.Constant(y.Shape, GoldenValues.Numbers(y.Shape.Count, 2))), keepDims: false);

        var results = GraphRun.Of(graph, [y, Backward.Of(graph, loss, [x])[0]], (x, GoldenValues.Numbers(x.Shape.Count, 1)));

        GoldenValues.AssertClose(golden.GetProperty("y"), results[0], 1e-6, "y");
        GoldenValues.AssertClose(golden.GetProperty("x"), results[1], 1e-6, "dx");
    }

    [Fact]
    public void ResizeBilinear_SameSize_AddsNothing()
    {
        var graph = new GraphBuilder(GraphMode.Inference);
        var x = graph.Input("x", new TensorShape(TensorShape.Symbolic, 1, 8, 9));

        Assert.Same(x, graph.ResizeBilinear(x, 8, 9));
    }

    [Fact]
    public void Matrix_AnySizes_HasRowsThatSumToOne()
    {
        for (var from = 1; from < 12; from++)
        {
            for (var to = 1; to < 12; to++)
            {
                foreach (var row in Interpolation.Matrix(from, to).Chunk(from))
                {
                    Assert.Equal(1, row.Sum(), 1e-6);
                }
            }
        }
    }
}
