using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>
/// Back-propagation through time (Werbos 1990). The operators give out h only; as every h is known, the gates of all steps are worked out again in one
/// matrix product, and so are the factors of the chain rule. What remains step by step is one small product and the few multiplications that
/// depend on the next step's gradient. Rows are (step, item) pairs, step by step: [steps·batch, …].
/// </summary>
internal static class RecurrentGradients
{
    // c' = f·c + i·g, h = o·tanh c', gates from a = W·x + R·h_before + b:
    //   dh = dy + da_next·R,  dc' = dh·o·(1 − tanh² c') + dc'_next·f_next
    //   da_i = dc'·g·i·(1 − i),  da_o = dh·tanh c'·o·(1 − o),  da_f = dc'·c·f·(1 − f),  da_g = dc'·i·(1 − g²)
    //   dx = da·W,  dW = Σ daᵀ·x,  dR = Σ daᵀ·h_before,  db = Σ da
    public static void Lstm(GradientContext c)
    {
        var graph = c.Graph;
        var rows = new Rows(c, gates: 4);
        var a = rows.Product(rows.X, rows.Weight, graph.Add(rows.InputBias, rows.RecurrenceBias), rows.Before);
        var parts = graph.Split(a, 1, 3 * rows.Hidden, rows.Hidden);
        var sigmoids = graph.Split(graph.Sigmoid(parts[0]), 1, rows.Hidden, rows.Hidden, rows.Hidden);
        var (i, o, f, g) = (sigmoids[0], sigmoids[1], sigmoids[2], graph.Tanh(parts[1]));

        var (added, kept) = (rows.Steps(graph.Mul(i, g)), rows.Steps(f));
        var cells = new Value[rows.Count];
        for (var step = 0; step < cells.Length; step++)
        {
            cells[step] = step == 0 ? added[0] : graph.Add(graph.Mul(kept[step], cells[step - 1]), added[step]);
        }

        var cell = rows.Joined(cells);
        var squashed = graph.Tanh(cell);
        var cellFactors = rows.Steps(graph.Mul(o, OneLess(graph, graph.Mul(squashed, squashed))));
        var gateFactors = rows.Steps(graph.Concat(
            1,
            graph.Mul(g, Slope(graph, i)),
            graph.Mul(squashed, Slope(graph, o)),
            graph.Mul(rows.Delayed(cell), Slope(graph, f)),
            graph.Mul(i, OneLess(graph, graph.Mul(g, g)))));

        var gradients = new Value[rows.Count];
        Value? cellGradient = null;
        for (var step = rows.Count - 1; step >= 0; step--)
        {
            var dh = step == rows.Count - 1
                ? rows.OutputGradient(step) ?? graph.Zeros(cells[step].Shape)
                : graph.Gemm(gradients[step + 1], rows.Recurrence, rows.OutputGradient(step));
            var fromOutput = graph.Mul(dh, cellFactors[step]);
            cellGradient = cellGradient is null ? fromOutput : graph.Add(fromOutput, graph.Mul(cellGradient, kept[step + 1]));
            gradients[step] = graph.Mul(graph.Concat(1, cellGradient, dh, cellGradient, cellGradient), gateFactors[step]);
        }

        var da = rows.Joined(gradients);
        rows.Give(da, da);
    }

    // h = (1 − z)·n + z·h_before, n = tanh(a_n + r·b_n), z and r = σ(a + b), a = W·x + b_w, b = R·h_before + b_r:
    //   dh = dy + dh_next·z_next + db_next·R
    //   da_z = db_z = dh·(h_before − n)·z·(1 − z),  da_n = dh·(1 − z)·(1 − n²)
    //   db_n = da_n·r,  da_r = db_r = da_n·b_n·r·(1 − r)
    //   dx = da·W,  dW = Σ daᵀ·x,  dR = Σ dbᵀ·h_before
    public static void Gru(GradientContext c)
    {
        if (c.Operation.Int("linear_before_reset") != 1)
        {
            throw new NotSupportedException("The gradient rule of 'GRU' is for linear_before_reset = 1, the form of PyTorch and cuDNN; this node has 0.");
        }

        var graph = c.Graph;
        var rows = new Rows(c, gates: 3);
        var a = graph.Split(rows.Product(rows.X, rows.Weight, rows.InputBias), 1, 2 * rows.Hidden, rows.Hidden);
        var b = graph.Split(rows.Product(rows.Before, rows.Recurrence, rows.RecurrenceBias), 1, 2 * rows.Hidden, rows.Hidden);
        var sigmoids = graph.Split(graph.Sigmoid(graph.Add(a[0], b[0])), 1, rows.Hidden, rows.Hidden);
        var (z, r) = (sigmoids[0], sigmoids[1]);
        var n = graph.Tanh(graph.Add(a[1], graph.Mul(r, b[1])));

        var candidateFactor = graph.Mul(OneLess(graph, z), OneLess(graph, graph.Mul(n, n)));
        var gateFactors = rows.Steps(graph.Concat(
            1,
            graph.Mul(graph.Sub(rows.Before, n), Slope(graph, z)),
            graph.Mul(graph.Mul(candidateFactor, b[1]), Slope(graph, r)),
            graph.Mul(candidateFactor, r)));
        var kept = rows.Steps(z);

        var (gradients, outputs) = (new Value[rows.Count], new Value[rows.Count]);
        for (var step = rows.Count - 1; step >= 0; step--)
        {
            var given = rows.OutputGradient(step);
            if (step == rows.Count - 1)
            {
                outputs[step] = given ?? graph.Zeros(kept[step].Shape);
            }
            else
            {
                var through = graph.Mul(outputs[step + 1], kept[step + 1]);
                outputs[step] = graph.Gemm(gradients[step + 1], rows.Recurrence, given is null ? through : graph.Add(through, given));
            }

            gradients[step] = graph.Mul(graph.Concat(1, outputs[step], outputs[step], outputs[step]), gateFactors[step]);
        }

        var db = rows.Joined(gradients);
        var gatesOnly = graph.Split(db, 1, 2 * rows.Hidden, rows.Hidden)[0];
        rows.Give(graph.Concat(1, gatesOnly, graph.Mul(rows.Joined(outputs), candidateFactor)), db);
    }

    private static Value OneLess(GraphBuilder graph, Value x) => graph.Sub(1, x);

    /// <summary>σ' = σ·(1 − σ).</summary>
    private static Value Slope(GraphBuilder graph, Value sigmoid) => graph.Mul(sigmoid, OneLess(graph, sigmoid));

    /// <summary>The operator's tensors as matrices.</summary>
    private sealed class Rows
    {
        private readonly GradientContext _context;
        private readonly GraphBuilder _graph;
        private readonly long _batch;
        private readonly Value?[] _outputGradients;

        public Rows(GradientContext context, long gates)
        {
            if (context.Operation.Inputs.Skip(4).Any(input => input is not null))
            {
                throw new NotSupportedException($"The gradient rule of '{context.Operation.Type}' is for a start from zeros, without sequence lengths or peepholes.");
            }

            _context = context;
            _graph = context.Graph;
            var (x, recurrence) = (context.X(0), context.X(2));
            (Count, _batch, Hidden) = ((int)x.Shape[0], x.Shape[1], recurrence.Shape[2]);
            X = _graph.Reshape(x, new TensorShape(Count * _batch, x.Shape[2]));
            Weight = _graph.Reshape(context.X(1), new TensorShape(gates * Hidden, x.Shape[2]));
            Recurrence = _graph.Reshape(recurrence, new TensorShape(gates * Hidden, Hidden));
            var biases = _graph.Split(_graph.Reshape(context.X(3), new TensorShape(2 * gates * Hidden)), 0, gates * Hidden, gates * Hidden);
            (InputBias, RecurrenceBias) = (biases[0], biases[1]);
            Before = Delayed(_graph.Reshape(context.Y, new TensorShape(Count * _batch, Hidden)));

            var all = context.OutputGradient(0) is { } gradient ? Steps(_graph.Reshape(gradient, new TensorShape(Count * _batch, Hidden))) : null;
            _outputGradients = [.. Enumerable.Range(0, Count).Select(step => all?[step])];
            if (context.OutputGradient(1) is { } last)
            {
                var flat = _graph.Reshape(last, new TensorShape(_batch, Hidden));
                _outputGradients[^1] = _outputGradients[^1] is { } sum ? _graph.Add(sum, flat) : flat;
            }
        }

        public int Count { get; }

        public long Hidden { get; }

        public Value X { get; }

        public Value Weight { get; }

        public Value Recurrence { get; }

        public Value InputBias { get; }

        public Value RecurrenceBias { get; }

        /// <summary>h of the step before, zeros at the first.</summary>
        public Value Before { get; }

        /// <summary>dL/dh of a step from outside; null for none.</summary>
        public Value? OutputGradient(int step) => _outputGradients[step];

        public Value[] Steps(Value rows) => Count == 1 ? [rows] : _graph.Split(rows, 0, [.. Enumerable.Repeat(_batch, Count)]);

        public Value Joined(Value[] steps) => steps.Length == 1 ? steps[0] : _graph.Concat(0, steps);

        /// <summary>Every step's rows one step later.</summary>
        public Value Delayed(Value rows) => Count == 1
            ? _graph.Zeros(rows.Shape)
            : _graph.Pad(_graph.Slice(rows, [0], [0], [(Count - 1) * _batch]), _batch, 0, 0, 0);

        /// <summary>rows·matrixᵀ + bias, and the recurrence of <paramref name="before"/> where given.</summary>
        public Value Product(Value rows, Value matrix, Value bias, Value? before = null)
        {
            var product = _graph.Gemm(rows, matrix, bias, transB: true);
            return before is null ? product : _graph.Gemm(before, Recurrence, product, transB: true);
        }

        /// <summary>Gives the inputs their gradients from those of W·x + b and R·h + b'.</summary>
        public void Give(Value input, Value recurrent)
        {
            _context.Give(0, () => _graph.Reshape(_graph.Gemm(input, Weight), _context.X(0).Shape));
            _context.Give(1, () => _graph.Reshape(_graph.Gemm(input, X, transA: true), _context.X(1).Shape));
            _context.Give(2, () => _graph.Reshape(_graph.Gemm(recurrent, Before, transA: true), _context.X(2).Shape));
            _context.Give(3, () => _graph.Reshape(
                _graph.Concat(0, _graph.ReduceSum(input, [0], keepDims: false), _graph.ReduceSum(recurrent, [0], keepDims: false)), _context.X(3).Shape));
        }
    }
}
