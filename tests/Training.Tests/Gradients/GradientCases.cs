using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Tests.Gradients;

/// <summary>Random cases for every operator that has a gradient rule.</summary>
internal static class GradientCases
{
    public static IReadOnlyDictionary<string, Func<Random, GradientCase>> ByOperator { get; } = new Dictionary<string, Func<Random, GradientCase>>
    {
        ["Add"] = random => Broadcast(random, (g, a, b) => g.Add(a, b)),
        ["Sub"] = random => Broadcast(random, (g, a, b) => g.Sub(a, b)),
        ["Mul"] = random => Broadcast(random, (g, a, b) => g.Mul(a, b)),
        ["Div"] = random => Broadcast(random, (g, a, b) => g.Div(a, b)),
        ["Pow"] = random => Broadcast(random, (g, a, b) => g.Pow(a, b)) with { Draw = Positive },
        ["Neg"] = random => Unary(random, (g, x) => g.Neg(x)),
        ["Exp"] = random => Unary(random, (g, x) => g.Exp(x)),
        ["Log"] = random => Unary(random, (g, x) => g.Log(x)) with { Draw = Positive },
        ["Sqrt"] = random => Unary(random, (g, x) => g.Sqrt(x)) with { Draw = Positive },
        ["Abs"] = random => Unary(random, (g, x) => g.Abs(x)),
        ["Reciprocal"] = random => Unary(random, (g, x) => g.Reciprocal(x)),
        ["Clip"] = random => Unary(random, (g, x) => g.Clip(x, -0.7, 1.1)),
        ["Where"] = random => Broadcast(random, (g, a, b) => g.Where(g.Greater(b, g.Scalar(0)), a, g.Mul(b, 3))),
        ["Cast"] = random => Unary(random, (g, x) => g.Cast(g.Mul(g.Cast(x, DataType.Double), g.DoubleScalar(3)), DataType.Float)) with { Type = DataType.Float },
        ["Identity"] = random => Unary(random, (g, x) => g.Identity(x)),

        ["Relu"] = random => Unary(random, (g, x) => g.Relu(x)),
        ["LeakyRelu"] = random => Unary(random, (g, x) => g.LeakyRelu(x, 0.2f)) with { Type = DataType.Float },
        ["Sigmoid"] = random => Unary(random, (g, x) => g.Sigmoid(x)),
        ["Softplus"] = random => Unary(random, (g, x) => g.Softplus(g.Mul(x, 2))) with { Type = DataType.Float, Epsilon = 0.01 },
        ["HardSigmoid"] = random => Unary(random, (g, x) => g.HardSigmoid(x, 0.5f, 0.5f)) with { Type = DataType.Float, Draw = OffKinksAtOne },
        ["HardSwish"] = random => Unary(random, (g, x) => g.HardSwish(g.Mul(x, 3))) with { Type = DataType.Float, Draw = OffKinksAtOne },
        ["Tanh"] = random => Unary(random, (g, x) => g.Tanh(x)),
        ["Softmax"] = random => AlongAxis(random, (g, x, axis) => g.Softmax(x, axis)),
        ["LogSoftmax"] = random => AlongAxis(random, (g, x, axis) => g.LogSoftmax(x, axis)),

        ["Reshape"] = random => Unary(random, (g, x) => g.Reshape(x, new TensorShape(x.Shape.Count / x.Shape[0], x.Shape[0]))),
        ["Flatten"] = random => new([Shape(random, 4)], (g, x) => g.Flatten(x[0])),
        ["Squeeze"] = random => new([new TensorShape(Size(random), 1, Size(random), 1)], (g, x) => g.Squeeze(x[0], 1, -1)),
        ["Unsqueeze"] = random => new([Shape(random, 2)], (g, x) => g.Unsqueeze(x[0], 0, 2)),
        ["Transpose"] = Transpose,
        ["Concat"] = Concat,
        ["Split"] = Split,
        ["Slice"] = Slice,
        ["Pad"] = random => new([Shape(random, 3)], (g, x) => g.Pad(x[0], [.. Enumerable.Range(0, 6).Select(i => (long)((i * 7) % 3))])),
        ["Expand"] = random => new([new TensorShape(1, Size(random), 1)], (g, x) => g.Expand(x[0], new TensorShape(2, 3, x[0].Shape[1], 4))),

        ["ReduceSum"] = random => Reduce(random, (g, x, axes, keep) => g.ReduceSum(x, axes, keep)),
        ["ReduceMean"] = random => Reduce(random, (g, x, axes, keep) => g.ReduceMean(x, axes, keep)),
        ["ReduceMax"] = random => Reduce(random, (g, x, axes, keep) => g.ReduceMax(x, axes, keep)) with { Distinct = true },
        ["ReduceSumSquare"] = random => Reduce(random, (g, x, axes, keep) => g.ReduceSumSquare(x, axes, keep)),

        ["Gemm"] = Gemm,
        ["MatMul"] = MatMul,

        ["LSTM"] = random => Recurrent(random, 4, (g, x) => UnrolledRecurrence.Lstm(g, x[0], x[1], x[2], x[3])),
        ["GRU"] = random => Recurrent(random, 3, (g, x) => UnrolledRecurrence.Gru(g, x[0], x[1], x[2], x[3])),

        ["Conv"] = Conv,
        ["MaxPool"] = random => Pool(random, overlap: random.Next(2) == 0, (g, x, window) => g.MaxPool(x, window with { Ceil = random.Next(2) == 0 })) with
        {
            Distinct = true,
            Type = random.Next(2) == 0 ? DataType.Float : DataType.Double,
        },
        ["AveragePool"] = random => Pool(random, overlap: random.Next(2) == 0, (g, x, window) => g.AveragePool(x, window)) with { Type = DataType.Float },
        ["GlobalAveragePool"] = random => new([Image(random)], (g, x) => g.GlobalAveragePool(x[0])) { Type = DataType.Float },
        ["GlobalMaxPool"] = random => new([Image(random)], (g, x) => g.GlobalMaxPool(x[0])) { Type = DataType.Float, Distinct = true },
        ["BatchNormalization"] = BatchNormalization,
    };

    private static double Positive(Random random) => 0.3 + (1.7 * random.NextDouble());

    /// <summary>More than a step away from kinks at ±1, on either side of them and of 0.</summary>
    private static double OffKinksAtOne(Random random) =>
        (random.Next(2) == 0 ? -1 : 1) * (random.Next(2) == 0 ? 0.1 + (0.8 * random.NextDouble()) : 1.1 + (0.9 * random.NextDouble()));

    private static long Size(Random random) => random.Next(1, 6);

    private static TensorShape Shape(Random random, int rank) => new([.. Enumerable.Range(0, rank).Select(_ => Size(random))]);

    private static TensorShape Image(Random random) => new(random.Next(1, 4), random.Next(1, 4), random.Next(3, 8), random.Next(3, 8));

    private static GradientCase Unary(Random random, Func<GraphBuilder, Value, Value> function) =>
        new([Shape(random, random.Next(1, 5))], (g, x) => function(g, x[0]));

    /// <summary>Two operands, each with some axes of size 1 and perhaps fewer axes than the other.</summary>
    private static GradientCase Broadcast(Random random, Func<GraphBuilder, Value, Value, Value> function)
    {
        var full = Shape(random, random.Next(1, 5)).ToArray();
        TensorShape Operand() => new([.. full.Skip(random.Next(full.Length)).Select(size => random.Next(3) == 0 ? 1 : size)]);
        var (a, b) = (Operand(), Operand());
        return new([a, b], (g, x) => function(g, x[0], x[1]));
    }

    private static GradientCase AlongAxis(Random random, Func<GraphBuilder, Value, int, Value> function)
    {
        var shape = Shape(random, random.Next(1, 4));
        var axis = random.Next(-shape.Rank, shape.Rank);
        return new([shape], (g, x) => function(g, x[0], axis));
    }

    private static GradientCase Reduce(Random random, Func<GraphBuilder, Value, long[], bool, Value> function)
    {
        var shape = Shape(random, random.Next(1, 5));
        long[] axes = [.. Enumerable.Range(0, shape.Rank).Where(_ => random.Next(2) == 0).Select(axis => (long)axis).DefaultIfEmpty(0)];
        var keepDims = random.Next(2) == 0;
        return new([shape], (g, x) => function(g, x[0], axes, keepDims));
    }

    private static GradientCase Transpose(Random random)
    {
        var shape = Shape(random, random.Next(2, 5));
        var permutation = Enumerable.Range(0, shape.Rank).Select(axis => (long)axis).ToArray();
        random.Shuffle(permutation);
        return new([shape], (g, x) => g.Transpose(x[0], permutation));
    }

    private static GradientCase Concat(Random random)
    {
        var shape = Shape(random, random.Next(1, 4));
        var axis = random.Next(shape.Rank);
        return new([shape, shape.With(axis, Size(random)), shape.With(axis, Size(random))], (g, x) => g.Concat(axis, x[0], x[1], x[2]));
    }

    /// <summary>The middle piece is left out of the result, so that its gradient is nothing.</summary>
    private static GradientCase Split(Random random)
    {
        var shape = Shape(random, random.Next(1, 4));
        var axis = random.Next(shape.Rank);
        long[] sizes = [2, Size(random), 2];
        return new([shape.With(axis, sizes.Sum())], (g, x) =>
        {
            var pieces = g.Split(x[0], axis, sizes);
            return g.Mul(pieces[0], pieces[2]);
        });
    }

    private static GradientCase Slice(Random random)
    {
        var shape = new TensorShape(random.Next(2, 9), random.Next(2, 9), Size(random));
        long[] starts = [random.Next((int)shape[0]), random.Next((int)shape[1])];
        long[] ends = [random.Next((int)starts[0] + 1, (int)shape[0] + 1), random.Next((int)starts[1] + 1, (int)shape[1] + 1)];
        long[] steps = [random.Next(1, 4), random.Next(1, 4)];
        return new([shape], (g, x) => g.Slice(x[0], [0, 1], starts, ends, steps));
    }

    private static GradientCase Gemm(Random random)
    {
        var (m, n, k) = (Size(random), Size(random), Size(random));
        var (transA, transB) = (random.Next(2) == 0, random.Next(2) == 0);
        var c = random.Next(3) switch { 0 => new TensorShape(n), 1 => new TensorShape(m, 1), _ => new TensorShape(m, n) };
        return new(
            [transA ? new TensorShape(k, m) : new TensorShape(m, k), transB ? new TensorShape(n, k) : new TensorShape(k, n), c],
            (g, x) => g.Gemm(x[0], x[1], x[2], transA, transB, alpha: 1.5f, beta: 0.5f));
    }

    private static GradientCase MatMul(Random random)
    {
        var (m, n, k, batch) = (Size(random), Size(random), Size(random), Size(random));
        TensorShape[] shapes = random.Next(4) switch
        {
            0 => [new(m, k), new(k, n)],
            1 => [new(batch, m, k), new(k, n)],
            2 => [new(m, k), new(2, batch, k, n)],
            _ => [new(2, 1, m, k), new(batch, k, n)],
        };
        return new(shapes, (g, x) => g.MatMul(x[0], x[1]));
    }

    /// <summary>By chance all states, the last, or both are seen by the loss.</summary>
    private static GradientCase Recurrent(Random random, long gates, Func<GraphBuilder, Value[], (Value All, Value Last)> function)
    {
        var (inputs, hidden) = (Size(random), Size(random));
        var seen = random.Next(3);
        return new(
            [new(Size(random), Size(random), inputs), new(1, gates * hidden, inputs), new(1, gates * hidden, hidden), new(1, 2 * gates * hidden)],
            (g, x) =>
            {
                var (all, last) = function(g, x);
                return seen switch { 0 => all, 1 => last, _ => g.Mul(all, last) };
            });
    }

    private static GradientCase Conv(Random random)
    {
        // A third are depthwise in whole blocks of channels, which have kernels of their own.
        var blocks = random.Next(3) == 0 ? random.Next(1, 3) : 0;
        var groups = blocks > 0 ? 16 * blocks : random.Next(1, 4);
        var (inputs, outputs) = blocks > 0 ? (groups, groups) : (groups * random.Next(1, 3), groups * random.Next(1, 4));
        var window = new Window2D
        {
            Kernel = [random.Next(1, 4), random.Next(1, 4)],
            Strides = random.Next(2) == 0 ? [1, 1] : [random.Next(1, 4), random.Next(1, 4)],
            Pads = [random.Next(3), random.Next(3), random.Next(3), random.Next(3)],
            Dilations = [random.Next(1, 3), random.Next(1, 3)],
        };
        return new(
            [new(random.Next(1, 4), inputs, random.Next(5, 9), random.Next(5, 9)), new(outputs, inputs / groups, window.Kernel[0], window.Kernel[1]), new(outputs)],
            (g, x) => g.Conv(x[0], x[1], x[2], window, groups))
        {
            Type = DataType.Float,
        };
    }

    private static GradientCase Pool(Random random, bool overlap, Func<GraphBuilder, Value, Window2D, Value> function)
    {
        long[] kernel = [random.Next(1, 4), random.Next(1, 4)];
        var window = new Window2D
        {
            Kernel = kernel,
            Strides = overlap ? [random.Next(1, 3), random.Next(1, 3)] : [.. kernel.Select(size => size + random.Next(2))],
            Pads = [.. kernel.Concat(kernel).Select(size => (long)random.Next((int)size))],
        };
        return new([Image(random)], (g, x) => function(g, x[0], window));
    }

    private static GradientCase BatchNormalization(Random random)
    {
        // Sums over large images are taken in another way.
        var shape = random.Next(5) switch { < 2 => new TensorShape(random.Next(2, 5), Size(random)), < 4 => Image(random), _ => new(2, 3, 20, 27) };
        var channels = new TensorShape(shape[1]);
        return new([shape, channels, channels], (g, x) => g.BatchNormalization(
            x[0], x[1], x[2], g.Buffer("mean", channels, Initializers.Zeros), g.Buffer("variance", channels, Initializers.Ones)));
    }
}
