namespace StreamGenre.Training.Graph;

/// <content>Recurrent layers over [batch, steps, features].</content>
internal sealed partial class GraphBuilder
{
    /// <summary>
    /// A layer of long short-term memory (see <see cref="Lstm"/>). Parameters: name.weight_ih [4·hidden, features], name.weight_hh [4·hidden, hidden] and
    /// name.bias [4·hidden], gates in ONNX's order input, output, forget, cell (PyTorch's is input, forget, cell, output, and its two biases are summed here).
    /// Matrices start uniform within 1/√hidden as PyTorch's, biases at 0 but for the forget gates', which start at 1 (Jozefowicz et al. 2015, section 2.2).
    /// </summary>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="x">[batch, steps, features].</param>
    /// <param name="hidden">Size of the state.</param>
    /// <param name="sequence">True: the state after every step, [batch, steps, hidden]; false: after the last, [batch, hidden].</param>
    public Value LstmLayer(string name, Value x, long hidden, bool sequence = false)
    {
        var (weight, recurrence) = RecurrentWeights(name, x, hidden, 4);
        var bias = Parameter($"{name}.bias", new TensorShape(4 * hidden), (values, _) =>
        {
            values.Clear();
            values[(int)(2 * hidden)..(int)(3 * hidden)].Fill(1);
        });
        var both = Reshape(Concat(0, bias, Zeros(bias.Shape)), new TensorShape(1, 8 * hidden));
        return BatchFirst(Lstm(Transpose(x, 1, 0, 2), weight, recurrence, both), sequence);
    }

    /// <summary>
    /// A layer of gated recurrent units (see <see cref="Gru"/>). Parameters: name.weight_ih [3·hidden, features], name.weight_hh [3·hidden, hidden],
    /// name.bias_ih and name.bias_hh [3·hidden], gates in ONNX's order update, reset, candidate (PyTorch's is reset, update, candidate). All start
    /// uniform within 1/√hidden, as PyTorch's.
    /// </summary>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="x">[batch, steps, features].</param>
    /// <param name="hidden">Size of the state.</param>
    /// <param name="sequence">True: the state after every step, [batch, steps, hidden]; false: after the last, [batch, hidden].</param>
    public Value GruLayer(string name, Value x, long hidden, bool sequence = false)
    {
        var (weight, recurrence) = RecurrentWeights(name, x, hidden, 3);
        var shape = new TensorShape(3 * hidden);
        var bias = Concat(
            0,
            Parameter($"{name}.bias_ih", shape, Initializers.FanIn(hidden)),
            Parameter($"{name}.bias_hh", shape, Initializers.FanIn(hidden)));
        return BatchFirst(Gru(Transpose(x, 1, 0, 2), weight, recurrence, Reshape(bias, new TensorShape(1, 6 * hidden))), sequence);
    }

    private (Value Weight, Value Recurrence) RecurrentWeights(string name, Value x, long hidden, long gates)
    {
        if (x.Rank != 3)
        {
            throw new ArgumentException($"A recurrent layer takes [batch, steps, features], not {x}.", nameof(x));
        }

        Value Matrix(string part, long columns) => Unsqueeze(
            Parameter($"{name}.{part}", new TensorShape(gates * hidden, columns), Initializers.FanIn(hidden)), 0);
        return (Matrix("weight_ih", x.Shape[2]), Matrix("weight_hh", hidden));
    }

    private Value BatchFirst((Value All, Value Last) states, bool sequence) =>
        sequence ? Transpose(Squeeze(states.All, 1), 1, 0, 2) : Squeeze(states.Last, 0);
}
