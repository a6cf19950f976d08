using Onnx;
using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Benchmarks.Recurrence;

/// <summary>An LSTM over [steps, batch, inputs] in the forms that a graph can have it in; the input's projection is one product over all steps in each.</summary>
internal static class RecurrentForms
{
    public static IReadOnlyDictionary<string, Func<GraphBuilder, Value, Value[], Value>> All { get; } = new Dictionary<string, Func<GraphBuilder, Value, Value[], Value>>
    {
        ["operator"] = (graph, x, w) => graph.Lstm(x, w[0], w[1], w[2]).All,
        ["unrolled"] = Unrolled,
        ["scan"] = Scan,
    };

    /// <summary>The layer's weights: W, R and the bias of the operator.</summary>
    public static Value[] Weights(GraphBuilder graph, long inputs, long hidden) =>
    [
        graph.Parameter("weight", new TensorShape(1, 4 * hidden, inputs), Initializers.FanIn(hidden)),
        graph.Parameter("recurrence", new TensorShape(1, 4 * hidden, hidden), Initializers.FanIn(hidden)),
        graph.Parameter("bias", new TensorShape(1, 8 * hidden), Initializers.FanIn(hidden)),
    ];

    private static Value Unrolled(GraphBuilder graph, Value x, Value[] weights)
    {
        var (steps, batch, hidden) = ((int)x.Shape[0], x.Shape[1], weights[1].Shape[2]);
        var projected = Projected(graph, x, weights);
        var recurrence = graph.Squeeze(weights[1], 0);
        var given = graph.Split(projected, 0, [.. Enumerable.Repeat(batch, steps)]);
        Value? h = null, cell = null;
        var states = new List<Value>();
        foreach (var step in given)
        {
            var gates = graph.Split(h is null ? step : graph.Gemm(h, recurrence, step, transB: true), 1, 3 * hidden, hidden);
            var sigmoids = graph.Split(graph.Sigmoid(gates[0]), 1, hidden, hidden, hidden);
            var added = graph.Mul(sigmoids[0], graph.Tanh(gates[1]));
            cell = cell is null ? added : graph.Add(graph.Mul(sigmoids[2], cell), added);
            h = graph.Mul(sigmoids[1], graph.Tanh(cell));
            states.Add(h);
        }

        return graph.Reshape(graph.Concat(0, states), new TensorShape(steps, 1, batch, hidden));
    }

    private static Value Scan(GraphBuilder graph, Value x, Value[] weights)
    {
        var (steps, batch, hidden) = (x.Shape[0], x.Shape[1], weights[1].Shape[2]);
        var given = graph.Reshape(Projected(graph, x, weights), new TensorShape(steps, batch, 4 * hidden));
        var recurrence = graph.Squeeze(weights[1], 0);
        var (state, gate) = (new TensorShape(batch, hidden), new TensorShape(batch, 4 * hidden));

        // The body sees the recurrence's matrix of the graph around it.
        var sizes = OnnxTensor.Of<long>("body_sizes", new TensorShape(4), DataType.Int64, [hidden, hidden, hidden, hidden]);
        var body = new GraphProto { Name = "step" };
        body.Initializer.Add(sizes);
        body.Input.Add([OnnxTensor.Info("h", state, x.Type), OnnxTensor.Info("c", state, x.Type), OnnxTensor.Info("given", gate, x.Type)]);
        body.Node.Add(Node("Gemm", ["h", recurrence.Name, "given"], ["gates"], OnnxAttribute.Of("transB", 1L)));
        body.Node.Add(Node("Split", ["gates", "body_sizes"], ["ai", "ao", "af", "ag"], OnnxAttribute.Of("axis", 1L)));
        body.Node.Add([
            Node("Sigmoid", ["ai"], ["i"]), Node("Sigmoid", ["ao"], ["o"]), Node("Sigmoid", ["af"], ["f"]), Node("Tanh", ["ag"], ["g"]),
            Node("Mul", ["i", "g"], ["added"]), Node("Mul", ["f", "c"], ["kept"]), Node("Add", ["added", "kept"], ["c_next"]),
            Node("Tanh", ["c_next"], ["squashed"]), Node("Mul", ["o", "squashed"], ["h_next"]), Node("Identity", ["h_next"], ["h_seen"]),
        ]);
        body.Output.Add([OnnxTensor.Info("h_next", state, x.Type), OnnxTensor.Info("c_next", state, x.Type), OnnxTensor.Info("h_seen", state, x.Type)]);

        var zeros = graph.Zeros(state);
        var results = graph.Node(
            "Scan",
            [zeros, zeros, given],
            [(state, x.Type), (state, x.Type), (new TensorShape(steps, batch, hidden), x.Type)],
            new AttributeProto { Name = "body", Type = AttributeProto.Types.AttributeType.Graph, G = body },
            OnnxAttribute.Of("num_scan_inputs", 1L));

        // The graph can't see that the body reads the matrix, so it is kept alive by an output that adds nothing.
        var alive = graph.Mul(graph.ReduceSum(graph.Slice(recurrence, [0, 1], [0, 0], [1, 1]), keepDims: false), 0);
        return graph.Unsqueeze(graph.Add(results[2], alive), 1);
    }

    /// <summary>W·x + b of all steps, [steps·batch, 4·hidden].</summary>
    private static Value Projected(GraphBuilder graph, Value x, Value[] weights)
    {
        var gates = weights[0].Shape[1];
        var biases = graph.Split(graph.Squeeze(weights[2], 0), 0, gates, gates);
        return graph.Gemm(
            graph.Reshape(x, new TensorShape(x.Shape[0] * x.Shape[1], x.Shape[2])), graph.Squeeze(weights[0], 0), graph.Add(biases[0], biases[1]), transB: true);
    }

    private static NodeProto Node(string type, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }
}
