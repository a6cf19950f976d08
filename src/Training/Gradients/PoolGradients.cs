using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of pooling.</summary>
internal static class PoolGradients
{
    // y[p] = max of x under window p:  dx gets dy[p] where that maximum was found (the first of equals, a valid subgradient). Where windows overlap
    // a cell may get several, which add up.
    public static void MaxPool(GradientContext c) => c.Give(0, () =>
    {
        var graph = c.Graph;
        var window = Window2D.Of(c.Operation);
        var indices = c.Operation.Outputs[1];
        var shape = c.X(0).Shape;
        if (window.IsDisjoint && c.Dy.Type == Onnx.TensorProto.Types.DataType.Float)
        {
            return graph.MaxUnpool(c.Dy, indices, shape);
        }

        var flat = graph.Zeros(new TensorShape(shape.Count));
        var places = new TensorShape(c.Dy.Shape.Count);
        return graph.Reshape(graph.ScatterAdd(flat, graph.Reshape(indices, places), graph.Reshape(c.Dy, places)), shape);
    });

    // y[p] = mean of the n(p) cells under window p:  dx = Σ over windows p that hold the cell of dy[p] / n(p), which is the transposed convolution,
    // channel by channel, of dy/n with a kernel of ones
    public static void AveragePool(GradientContext c) => c.Give(0, () =>
    {
        var graph = c.Graph;
        var window = Window2D.Of(c.Operation);
        var (x, y) = (c.X(0).Shape, c.Dy.Shape);
        var reciprocal = new float[y[2] * y[3]];
        for (var i = 0L; i < y[2]; i++)
        {
            for (var j = 0L; j < y[3]; j++)
            {
                reciprocal[(i * y[3]) + j] = 1f / (Covered(window, 0, i, x[2]) * Covered(window, 1, j, x[3]));
            }
        }

        var shares = graph.Mul(c.Dy, graph.Constant(new TensorShape(1, 1, y[2], y[3]), reciprocal));
        var ones = new float[x[1] * window.Kernel[0] * window.Kernel[1]];
        ones.AsSpan().Fill(1);
        var kernel = graph.Constant(new TensorShape(x[1], 1, window.Kernel[0], window.Kernel[1]), ones);
        long Unreached(int axis) => x[axis + 2] + window.Pads[axis] + window.Pads[axis + 2]
            - (((y[axis + 2] - 1) * window.Strides[axis]) + window.Kernel[axis]);
        return graph.ConvTranspose(shares, kernel, window, [Unreached(0), Unreached(1)], x[1], x);
    });

    // y = Σ x / n over height and width:  dx = dy / n everywhere
    public static void GlobalAveragePool(GradientContext c) => c.Give(0, () =>
        c.Graph.Expand(c.Graph.Div(c.Dy, c.X(0).Shape[2] * c.X(0).Shape[3]), c.X(0).Shape));

    // y = max x over height and width:  dx = dy / m at the m places that hold the maximum
    public static void GlobalMaxPool(GradientContext c) => c.Give(0, () => ReductionGradients.SharedAmongMaxima(c, [2, 3]));

    /// <summary>Cells of the image, not of its padding, under a window on one axis.</summary>
    private static long Covered(Window2D window, int axis, long position, long size)
    {
        var start = (position * window.Strides[axis]) - window.Pads[axis];
        return Math.Min(start + window.Kernel[axis], size) - Math.Max(start, 0);
    }
}
