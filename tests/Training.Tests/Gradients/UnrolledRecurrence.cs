using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests.Gradients;

/// <summary>
/// LSTM and GRU written step by step in plain operators. ONNX Runtime has its recurrent kernels for float alone; recorded under the operator's
/// name this form lets the same gradient rule be checked in double.
/// </summary>
internal static class UnrolledRecurrence
{
    public static (Value All, Value Last) Lstm(GraphBuilder graph, Value x, Value weight, Value recurrence, Value bias) => Recorded(
        graph, "LSTM", 4, [x, weight, recurrence, bias], (given, through, state) =>
        {
            var gates = graph.Split(graph.Add(given, through), 1, Sizes(state.H, 4));
            var (i, o, f, g) = (graph.Sigmoid(gates[0]), graph.Sigmoid(gates[1]), graph.Sigmoid(gates[2]), graph.Tanh(gates[3]));
            var cell = graph.Add(graph.Mul(f, state.Cell), graph.Mul(i, g));
            return (graph.Mul(o, graph.Tanh(cell)), cell);
        });

    public static (Value All, Value Last) Gru(GraphBuilder graph, Value x, Value weight, Value recurrence, Value bias) => Recorded(
        graph, "GRU", 3, [x, weight, recurrence, bias], (given, through, state) =>
        {
            var (a, b) = (graph.Split(given, 1, Sizes(state.H, 3)), graph.Split(through, 1, Sizes(state.H, 3)));
            var (z, r) = (graph.Sigmoid(graph.Add(a[0], b[0])), graph.Sigmoid(graph.Add(a[1], b[1])));
            var n = graph.Tanh(graph.Add(a[2], graph.Mul(r, b[2])));
            return (graph.Add(graph.Mul(graph.Sub(1, z), n), graph.Mul(z, state.H)), state.Cell);
        });

    private static long[] Sizes(Value state, int gates) => [.. Enumerable.Repeat(state.Shape[1], gates)];

    private static (Value All, Value Last) Recorded(
        GraphBuilder graph, string type, long gates, Value[] inputs, Func<Value, Value, (Value H, Value Cell), (Value H, Value Cell)> step)
    {
        var (x, hidden) = (inputs[0], inputs[2].Shape[2]);
        var (steps, batch) = (x.Shape[0], x.Shape[1]);
        Value all, last;
        using (graph.Unrecorded())
        {
            var biases = graph.Split(inputs[3], 1, gates * hidden, gates * hidden);
            var weight = graph.Transpose(graph.Squeeze(inputs[1], 0), 1, 0);
            var recurrence = graph.Transpose(graph.Squeeze(inputs[2], 0), 1, 0);
            var zeros = graph.Zeros(new TensorShape(batch, hidden));
            var state = (H: zeros, Cell: zeros);
            var states = new List<Value>();
            for (var t = 0L; t < steps; t++)
            {
                var now = graph.Squeeze(graph.Slice(x, [0], [t], [t + 1]), 0);
                state = step(graph.Add(graph.MatMul(now, weight), biases[0]), graph.Add(graph.MatMul(state.H, recurrence), biases[1]), state);
                states.Add(graph.Reshape(state.H, new TensorShape(1, 1, batch, hidden)));
            }

            all = graph.Concat(0, states);
            last = graph.Reshape(state.H, new TensorShape(1, batch, hidden));
        }

        graph.Record(type, inputs, [all, last], [OnnxAttribute.Of("linear_before_reset", 1L)], []);
        return (all, last);
    }
}
