using System.Collections.Frozen;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Backbones;

/// <summary>How each ONNX operator is written into a graph. All have gradient rules; others are refused by name.</summary>
internal static class BackboneOperators
{
    private static readonly FrozenDictionary<string, Func<BackboneNode, Value>> Writers = new Dictionary<string, Func<BackboneNode, Value>>
    {
        ["Conv"] = Conv,
        ["BatchNormalization"] = BatchNormalization,
        ["Gemm"] = node => node.Graph.Gemm(
            node.X, node.Input(1), node.Optional(2), node.Int("transA", 0) != 0, node.Int("transB", 0) != 0, node.Float("alpha", 1), node.Float("beta", 1)),
        ["MatMul"] = node => node.Graph.MatMul(node.X, node.Input(1)),
        ["MaxPool"] = node => node.Graph.MaxPool(node.X, Window(node, node.Ints("kernel_shape"))),
        ["AveragePool"] = AveragePool,
        ["GlobalAveragePool"] = node => node.Graph.GlobalAveragePool(node.X),
        ["GlobalMaxPool"] = node => node.Graph.GlobalMaxPool(node.X),
        ["ReduceMean"] = node => node.Graph.ReduceMean(node.X, node.IntsOrInput("axes", 1), node.Int("keepdims", 1) != 0),
        ["ReduceMax"] = node => node.Graph.ReduceMax(node.X, node.IntsOrInput("axes", 1), node.Int("keepdims", 1) != 0),

        ["Relu"] = node => node.Graph.Relu(node.X),
        ["LeakyRelu"] = node => node.Graph.LeakyRelu(node.X, node.Float("alpha", 0.01f)),
        ["Clip"] = Clip,
        ["Sigmoid"] = node => node.Graph.Sigmoid(node.X),
        ["Tanh"] = node => node.Graph.Tanh(node.X),
        ["HardSigmoid"] = node => node.Graph.HardSigmoid(node.X, node.Float("alpha", 0.2f), node.Float("beta", 0.5f)),
        ["HardSwish"] = node => node.Graph.HardSwish(node.X),
        ["Softplus"] = node => node.Graph.Softplus(node.X),
        ["Softmax"] = node => node.Graph.Softmax(node.X, (int)node.Int("axis", node.Opset < 13 ? 1 : -1)),

        ["Add"] = node => node.Graph.Add(node.X, node.Input(1)),
        ["Sub"] = node => node.Graph.Sub(node.X, node.Input(1)),
        ["Mul"] = node => node.Graph.Mul(node.X, node.Input(1)),
        ["Div"] = node => node.Graph.Div(node.X, node.Input(1)),
        ["Pow"] = node => node.Graph.Pow(node.X, node.Input(1)),
        ["Neg"] = node => node.Graph.Neg(node.X),
        ["Abs"] = node => node.Graph.Abs(node.X),
        ["Exp"] = node => node.Graph.Exp(node.X),
        ["Log"] = node => node.Graph.Log(node.X),
        ["Sqrt"] = node => node.Graph.Sqrt(node.X),

        // Dropout does nothing in what is imported: the network that stands on it has its own.
        ["Identity"] = node => node.X,
        ["Dropout"] = node => node.X,

        ["Reshape"] = node => node.Graph.Reshape(node.X, BackboneShapes.Target(node.X, node.Integers(1), node.FileBatch)),
        ["Flatten"] = Flatten,
        ["Transpose"] = node => node.Graph.Transpose(
            node.X, node.Ints("perm") ?? [.. Enumerable.Range(0, node.X.Rank).Reverse().Select(axis => (long)axis)]),
        ["Squeeze"] = node => node.Graph.Squeeze(
            node.X, node.IntsOrInput("axes", 1) ?? [.. Enumerable.Range(0, node.X.Rank).Where(axis => node.X.Shape[axis] == 1).Select(axis => (long)axis)]),
        ["Unsqueeze"] = node => node.Graph.Unsqueeze(node.X, node.IntsOrInput("axes", 1) ?? []),
        ["Concat"] = node => node.Graph.Concat((int)node.Int("axis", 0), [.. Enumerable.Range(0, node.InputCount).Select(node.Input)]),
        ["Pad"] = Pad,
    }.ToFrozenDictionary();

    public static IReadOnlyList<string> Names { get; } = [.. Writers.Keys.Order(StringComparer.Ordinal)];

    public static Func<BackboneNode, Value>? Find(string type) => Writers.GetValueOrDefault(type);

    private static Value Conv(BackboneNode node)
    {
        var weight = node.Input(1);
        return weight.Rank == 4
            ? node.Graph.Conv(node.X, weight, node.Optional(2), Window(node, weight.Shape.ToArray()[2..]), node.Int("group", 1))
            : throw node.Unsupported($"a convolution with the weight {weight.Shape}; only two-dimensional ones can be imported");
    }

    // y = γ·(x − μ)/√(σ² + ε) + β with the μ and σ² of the file, as a·x + b per channel, which runtimes fold into a frozen convolution before it
    private static Value BatchNormalization(BackboneNode node)
    {
        var graph = node.Graph;
        var (x, scale, shift, mean, variance) = (node.X, node.Input(1), node.Input(2), node.Frozen(3), node.Frozen(4));
        var epsilon = node.Float("epsilon", 1e-5f);
        if (graph.Mode == GraphMode.Inference)
        {
            return graph.BatchNormalization(x, scale, shift, mean, variance, epsilon);
        }

        var perChannel = new TensorShape([1, x.Shape[1], .. Enumerable.Repeat(1L, x.Rank - 2)]);
        var a = graph.Mul(scale, graph.Reciprocal(graph.Sqrt(graph.Add(variance, epsilon))));
        var b = graph.Sub(shift, graph.Mul(mean, a));
        return graph.Add(graph.Mul(x, graph.Reshape(a, perChannel)), graph.Reshape(b, perChannel));
    }

    private static Value AveragePool(BackboneNode node)
    {
        var window = Window(node, node.Ints("kernel_shape"));
        if (node.Int("count_include_pad", 0) == 0 || window.Pads.All(pad => pad == 0))
        {
            return node.Graph.AveragePool(node.X, window);
        }

        var padded = node.Graph.Pad(node.X, 0, 0, window.Pads[0], window.Pads[1], 0, 0, window.Pads[2], window.Pads[3]);
        return node.Graph.AveragePool(padded, window with { Pads = [0, 0, 0, 0] });
    }

    private static Value Clip(BackboneNode node)
    {
        double Bound(int index, string name, float otherwise) => node.Has(index) ? node.Number(index) : node.Float(name, otherwise);
        return node.Graph.Clip(node.X, Bound(1, "min", float.MinValue), Bound(2, "max", float.MaxValue));
    }

    private static Value Flatten(BackboneNode node) => node.Int("axis", 1) == 1
        ? node.Graph.Flatten(node.X)
        : throw node.Unsupported($"Flatten at axis {node.Int("axis", 1)}; only axis 1, which keeps the batch, can be imported");

    private static Value Pad(BackboneNode node)
    {
        var isZero = node.Text("mode", "constant") == "constant" && (node.Has(2) ? node.Number(2) : node.Float("value", 0)) == 0;
        return isZero && node.IntsOrInput("pads", 1) is { } pads
            ? node.Graph.Pad(node.X, pads)
            : throw node.Unsupported("only padding by zeros can be imported");
    }

    private static Window2D Window(BackboneNode node, long[]? kernel)
    {
        if (kernel is not { Length: 2 } || node.X.Rank != 4)
        {
            throw node.Unsupported($"a kernel [{string.Join(", ", kernel ?? [])}] over {node.X.Shape}; only two-dimensional ones over [batch, channels, height, width] can be imported");
        }

        var window = new Window2D
        {
            Kernel = kernel,
            Strides = node.Ints("strides") ?? [1, 1],
            Dilations = node.Ints("dilations") ?? [1, 1],
            Pads = node.Ints("pads") ?? [0, 0, 0, 0],
            Ceil = node.Int("ceil_mode", 0) != 0,
        };
        var padding = node.Text("auto_pad", "NOTSET");
        return padding switch
        {
            "NOTSET" => window,
            "VALID" => window with { Pads = [0, 0, 0, 0] },
            "SAME_UPPER" or "SAME_LOWER" => window with { Pads = Same(window, node.X.Shape, isUpper: padding == "SAME_UPPER") },
            _ => throw node.Unsupported($"auto_pad {padding} is unknown"),
        };
    }

    /// <summary>Pads that leave ⌈size / stride⌉ positions; the odd cell goes after (upper) or before.</summary>
    private static long[] Same(Window2D window, TensorShape x, bool isUpper)
    {
        var pads = new long[4];
        for (var axis = 0; axis < 2; axis++)
        {
            var size = x[axis + 2];
            var positions = (size + window.Strides[axis] - 1) / window.Strides[axis];
            var total = Math.Max(0, ((positions - 1) * window.Strides[axis]) + window.Reach(axis) - size);
            pads[axis] = isUpper ? total / 2 : total - (total / 2);
            pads[axis + 2] = total - pads[axis];
        }

        return pads;
    }
}
