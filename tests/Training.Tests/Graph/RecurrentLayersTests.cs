using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests.Graph;

/// <summary>Recurrent layers against PyTorch's nn.LSTM and nn.GRU (Golden/make_operator_golden.py).</summary>
public sealed class RecurrentLayersTests
{
    private const int Batch = 3, Steps = 5, Features = 4, Hidden = 6;

    // Of each of ONNX's gates, where it stands among PyTorch's: i, o, f, g of i, f, g, o, and z, r, n of r, z, n.
    private static readonly int[] LstmOrder = [0, 3, 1, 2], GruOrder = [1, 0, 2];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LstmLayer_OutputAndGradients_MatchPyTorch(bool sequence)
    {
        var bias = Values(12, 4 * Hidden).Zip(Values(13, 4 * Hidden), (a, b) => a + b).ToArray();
        AssertMatches(
            sequence ? "lstm_sequence" : "lstm_last",
            (graph, x) => graph.LstmLayer("rnn", x, Hidden, sequence),
            LstmOrder,
            [("rnn.weight_ih", "weight_ih_l0", Values(10, 4 * Hidden * Features)), ("rnn.weight_hh", "weight_hh_l0", Values(11, 4 * Hidden * Hidden)), ("rnn.bias", "bias_ih_l0", bias)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GruLayer_OutputAndGradients_MatchPyTorch(bool sequence) => AssertMatches(
        sequence ? "gru_sequence" : "gru_last",
        (graph, x) => graph.GruLayer("rnn", x, Hidden, sequence),
        GruOrder,
        [
            ("rnn.weight_ih", "weight_ih_l0", Values(10, 3 * Hidden * Features)),
            ("rnn.weight_hh", "weight_hh_l0", Values(11, 3 * Hidden * Hidden)),
            ("rnn.bias_ih", "bias_ih_l0", Values(12, 3 * Hidden)),
            ("rnn.bias_hh", "bias_hh_l0", Values(13, 3 * Hidden)),
        ]);

    [Fact]
    public void LstmLayer_Inference_GivesTheTrainingOutputForAnyBatch()
    {
        var training = Output(GraphMode.Training, Batch);
        Assert.Equal(training, Output(GraphMode.Inference, TensorShape.Symbolic));

        static float[] Output(GraphMode mode, long batch)
        {
            var graph = new GraphBuilder(mode, seed: 3);
            var x = graph.Input("x", new TensorShape(batch, Steps, Features));
            var y = graph.GruLayer("b", graph.LstmLayer("a", x, Hidden, sequence: true), 2);
            return GraphRun.Of(graph, [y], (x, GoldenValues.Numbers(Batch * Steps * Features, 1)))[0];
        }
    }

    [Fact]
    public void LstmLayer_NewParameters_RememberByTheForgetGatesBias()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        graph.LstmLayer("rnn", graph.Input("x", new TensorShape(1, 2, 3)), 2);

        Assert.Equal([0f, 0, 0, 0, 1, 1, 0, 0], graph.Parameters.Single(parameter => parameter.Name == "rnn.bias").Initial);
    }

    [Fact]
    public void GruLayer_InputWithoutTime_ThrowsNamingTheShape()
    {
        var graph = new GraphBuilder(GraphMode.Training);

        var error = Assert.Throws<ArgumentException>(() => graph.GruLayer("rnn", graph.Input("x", new TensorShape(5, 8)), 2));

        Assert.Contains("[5, 8]", error.Message, StringComparison.Ordinal);
    }

    private static float[] Values(int k, int count) => GoldenValues.Numbers(count, k, 2);

    private static float[] Reordered(float[] values, int[] order)
    {
        var size = values.Length / order.Length;
        return [.. order.SelectMany(gate => values.AsSpan(gate * size, size).ToArray())];
    }

    private static void AssertMatches(
        string name, Func<GraphBuilder, Value, Value> layer, int[] order, (string Name, string PyTorch, float[] Values)[] parameters)
    {
        var golden = GoldenValues.Read("operator_golden.json").GetProperty(name);
        var shapes = new GraphBuilder(GraphMode.Training);
        layer(shapes, shapes.Input("x", new TensorShape(Batch, Steps, Features)));
        var given = parameters.ToDictionary(parameter => parameter.Name, parameter => new ParameterTensor(
            parameter.Name, shapes.Parameters.Single(other => other.Name == parameter.Name).Value.Shape, Reordered(parameter.Values, order)));

        var graph = new GraphBuilder(GraphMode.Training, values: given);
        var x = graph.Input("x", new TensorShape(Batch, Steps, Features));
        var y = layer(graph, x);
        var loss = graph.ReduceSum(graph.Mul(y, graph.Constant(y.Shape, GoldenValues.Numbers(y.Shape.Count, 2))), keepDims: false);
        var gradients = Backward.Of(graph, loss, [x, .. graph.Parameters.Select(parameter => parameter.Value)]);
        var results = GraphRun.Of(graph, [y, .. gradients], (x, GoldenValues.Numbers(x.Shape.Count, 1, 3)));

        GoldenValues.AssertClose(golden.GetProperty("y"), results[0], 2e-6, "y");
        GoldenValues.AssertClose(golden.GetProperty("x"), results[1], 5e-6, "dx");
        for (var i = 0; i < graph.Parameters.Count; i++)
        {
            var parameter = parameters.Single(candidate => candidate.Name == graph.Parameters[i].Name);
            var inverse = Enumerable.Range(0, order.Length).Select(gate => Array.IndexOf(order, gate)).ToArray();
            GoldenValues.AssertClose(golden.GetProperty(parameter.PyTorch), Reordered(results[i + 2], inverse), 1e-5, parameter.Name);
        }
    }
}
