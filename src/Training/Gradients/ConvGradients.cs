using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>
/// Gradients of convolution, y[n,o,p] = Σ_{c,k} w[o,c,k]·x[n,c,s·p + d·k − pad], p and k two-dimensional.
/// </summary>
internal static class ConvGradients
{
    //   dx = the transposed convolution of dy with w
    //   dw[o,c,k] = Σ_{n,p} dy[n,o,p]·x[n,c,s·p + d·k − pad]
    //   db[o] = Σ_{n,p} dy[n,o,p]
    public static void Conv(GradientContext c)
    {
        var window = Window2D.Of(c.Operation);
        var groups = c.Operation.Int("group", 1);
        c.Give(0, () => InputGradient(c, window, groups));
        c.Give(1, () => WeightGradient(c, window, groups));
        c.Give(2, () => c.Graph.Reshape(c.Graph.ReduceSum(c.Dy, [0, 2, 3]), c.X(2).Shape));
    }

    private static Value InputGradient(GradientContext c, Window2D window, long groups)
    {
        var graph = c.Graph;
        var weight = c.X(1);
        long[] pads = [.. window.Pads.Select((pad, i) => window.Reach(i % 2) - 1 - pad)];
        if (window.Strides.All(stride => stride == 1) && pads.All(pad => pad >= 0))
        {
            // With stride 1 the transposed convolution is a plain one with the kernel turned round and inputs and outputs swapped, for which
            // ONNX Runtime has the faster kernel.
            var (outputs, inputs, height, width) = (weight.Shape[0] / groups, weight.Shape[1], weight.Shape[2], weight.Shape[3]);
            var swapped = groups == 1
                ? graph.Transpose(weight, 1, 0, 2, 3)
                : graph.Reshape(
                    graph.Transpose(graph.Reshape(weight, new TensorShape(groups, outputs, inputs, height, width)), 0, 2, 1, 3, 4),
                    new TensorShape(groups * inputs, outputs, height, width));
            return graph.Conv(c.Dy, graph.Reverse(swapped, 2, 3), bias: null, window with { Pads = pads }, groups);
        }

        var x = c.X(0).Shape;
        long Unreached(int axis) => x[axis + 2] + window.Pads[axis] + window.Pads[axis + 2]
            - (((c.Y.Shape[axis + 2] - 1) * window.Strides[axis]) + window.Reach(axis));
        return graph.ConvTranspose(c.Dy, weight, window, [Unreached(0), Unreached(1)], groups, x);
    }

    /// <summary>
    /// One matrix product: dy as [outputs, places] times the inputs under each tap as [taps, places], a place being a position of the kernel on
    /// one image. Where something has to be cut out under the taps, images come innermost, so that long rows are copied.
    /// </summary>
    private static Value WeightGradient(GradientContext c, Window2D window, long groups)
    {
        var graph = c.Graph;
        var (x, y, weight) = (c.X(0), c.Dy, c.X(1));
        var (height, width) = (y.Shape[2], y.Shape[3]);
        var places = y.Shape[0] * height * width;
        var inputs = x.Shape[1];

        var isPointwise = window.Kernel.Concat(window.Strides).All(size => size == 1) && window.Pads.All(pad => pad == 0);
        long[] order = isPointwise ? [1, 0, 2, 3] : [1, 2, 3, 0];
        var padded = graph.Pad(x, 0, 0, window.Pads[0], window.Pads[1], 0, 0, window.Pads[2], window.Pads[3]);
        var rows = graph.Transpose(padded, order);
        var taps = new List<Value>();
        for (var i = 0L; i < window.Kernel[0]; i++)
        {
            for (var j = 0L; j < window.Kernel[1]; j++)
            {
                var (top, left) = (i * window.Dilations[0], j * window.Dilations[1]);
                var under = isPointwise ? rows : graph.Slice(
                    rows,
                    [1, 2],
                    [top, left],
                    [top + ((height - 1) * window.Strides[0]) + 1, left + ((width - 1) * window.Strides[1]) + 1],
                    window.Strides);
                taps.Add(graph.Reshape(under, new TensorShape(inputs, 1, places)));
            }
        }

        var columns = taps.Count == 1 ? taps[0] : graph.Concat(1, [.. taps]);
        var gradient = graph.Transpose(y, order);
        if (groups == 1)
        {
            var product = graph.Gemm(
                graph.Reshape(gradient, new TensorShape(y.Shape[1], places)),
                graph.Reshape(columns, new TensorShape(inputs * taps.Count, places)),
                transB: true);
            return graph.Reshape(product, weight.Shape);
        }

        var grouped = graph.MatMul(
            graph.Reshape(gradient, new TensorShape(groups, y.Shape[1] / groups, places)),
            graph.Transpose(graph.Reshape(columns, new TensorShape(groups, inputs / groups * taps.Count, places)), 0, 2, 1));
        return graph.Reshape(grouped, weight.Shape);
    }
}
