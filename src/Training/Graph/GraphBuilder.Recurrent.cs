namespace StreamGenre.Training.Graph;

/// <content>Recurrent operators, forwards in time from a state of zeros, in ONNX's layout and order of gates.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>
    /// Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gates, Gers et al. 2000), ONNX's LSTM:
    /// i, o, f = σ(W·x + R·h + b), g = tanh(W·x + R·h + b), c ← f·c + i·g, h ← o·tanh c.
    /// </summary>
    /// <param name="x">[steps, batch, inputs].</param>
    /// <param name="weight">W, [1, 4·hidden, inputs], gates in the order i, o, f, g.</param>
    /// <param name="recurrence">R, [1, 4·hidden, hidden].</param>
    /// <param name="bias">[1, 8·hidden], the input's and then the recurrence's, which are added.</param>
    /// <returns>All h as [steps, 1, batch, hidden] and the last as [1, batch, hidden].</returns>
    public (Value All, Value Last) Lstm(Value x, Value weight, Value recurrence, Value bias) => Recurrent("LSTM", 4, x, weight, recurrence, bias);

    /// <summary>
    /// Gated recurrent unit (Cho et al. 2014, arXiv:1406.1078) in the form of PyTorch and cuDNN, ONNX's GRU with linear_before_reset:
    /// z, r = σ(W·x + b + R·h + b'), n = tanh(W·x + b + r·(R·h + b')), h ← (1 − z)·n + z·h.
    /// </summary>
    /// <param name="x">[steps, batch, inputs].</param>
    /// <param name="weight">W, [1, 3·hidden, inputs], gates in the order z, r, n.</param>
    /// <param name="recurrence">R, [1, 3·hidden, hidden].</param>
    /// <param name="bias">[1, 6·hidden], b and then b'.</param>
    /// <returns>All h as [steps, 1, batch, hidden] and the last as [1, batch, hidden].</returns>
    public (Value All, Value Last) Gru(Value x, Value weight, Value recurrence, Value bias) =>
        Recurrent("GRU", 3, x, weight, recurrence, bias, OnnxAttribute.Of("linear_before_reset", 1L));

    private (Value All, Value Last) Recurrent(
        string type, long gates, Value x, Value weight, Value recurrence, Value bias, params Onnx.AttributeProto[] attributes)
    {
        var hidden = recurrence.Shape[^1];
        if (x.Rank != 3
            || !weight.Shape.Equals(new TensorShape(1, gates * hidden, x.Shape[2]))
            || !recurrence.Shape.Equals(new TensorShape(1, gates * hidden, hidden))
            || !bias.Shape.Equals(new TensorShape(1, 2 * gates * hidden)))
        {
            throw new ArgumentException(
                $"{type} of {x} with weight {weight}, recurrence {recurrence} and bias {bias}: the sizes don't fit.", nameof(weight));
        }

        var (steps, batch) = (x.Shape[0], x.Shape[1]);
        var outputs = Node(
            type,
            [x, weight, recurrence, bias],
            [(new TensorShape(steps, 1, batch, hidden), x.Type), (new TensorShape(1, batch, hidden), x.Type)],
            [OnnxAttribute.Of("hidden_size", hidden), .. attributes]);
        return (outputs[0], outputs[1]);
    }
}
