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
        c.Give(1, () => ConvWeightGradients.Of(c, window, groups));
        c.Give(2, () => c.Graph.ChannelSums(c.Dy));
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
}
