using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests.Gradients;

public sealed class RecurrentGradientsTests
{
    /// <summary>The form that the gradient rules are checked with is the operator that networks use.</summary>
    [Theory]
    [InlineData("LSTM", 4)]
    [InlineData("GRU", 3)]
    public void Unrolled_AllStates_AreTheOperators(string type, int gates)
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(6, 3, 4));
        Value[] parameters = [.. new TensorShape[] { new(1, gates * 5, 4), new(1, gates * 5, 5), new(1, 2 * gates * 5) }
            .Select((shape, i) => graph.Constant(shape, GoldenValues.Numbers(shape.Count, i, 2)))];
        var (unrolled, own) = type == "LSTM"
            ? (UnrolledRecurrence.Lstm(graph, x, parameters[0], parameters[1], parameters[2]), graph.Lstm(x, parameters[0], parameters[1], parameters[2]))
            : (UnrolledRecurrence.Gru(graph, x, parameters[0], parameters[1], parameters[2]), graph.Gru(x, parameters[0], parameters[1], parameters[2]));

        var results = GraphRun.Of(graph, [unrolled.All, own.All, unrolled.Last, own.Last], (x, GoldenValues.Numbers(6 * 3 * 4, 9, 4)));

        for (var i = 0; i < results[0].Length; i++)
        {
            Assert.Equal(results[0][i], results[1][i], 2e-6);
        }

        Assert.Equal(results[0][^15..], results[2]);
        Assert.Equal(results[1][^15..], results[3]);
    }

    [Fact]
    public void Gru_ResetBeforeTheProduct_IsRefused()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(2, 1, 3));
        var w = graph.Input("w", new TensorShape(1, 6, 3));
        var r = graph.Input("r", new TensorShape(1, 6, 2));
        var b = graph.Input("b", new TensorShape(1, 12));
        var y = graph.Node("GRU", [x, w, r, b], new TensorShape(2, 1, 1, 2), OnnxAttribute.Of("hidden_size", 2L));

        var error = Assert.Throws<NotSupportedException>(() => Backward.Of(graph, graph.ReduceSum(y, keepDims: false), [w]));

        Assert.Contains("linear_before_reset", error.Message, StringComparison.Ordinal);
    }
}
