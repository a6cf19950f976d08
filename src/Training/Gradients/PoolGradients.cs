using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of pooling.</summary>
internal static class PoolGradients
{
    // y[p] = max of x under window p:  dx gets dy[p] where that maximum was found (equals share it or the first of them gets it, either a valid
    // subgradient). Where windows overlap a cell may get several, which add up.
    public static void MaxPool(GradientContext c) => c.Give(0, () =>
    {
        var graph = c.Graph;
        var window = Window2D.Of(c.Operation);
        if (c.Operation.Outputs.Count == 1)
        {
            return TiledMaxPool(c, window);
        }

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

    /// <summary>
    /// Without the maxima's places: with ⇑ spreading a window's value over its cells and m = [x = ⇑y], dx = m·⇑(dy / Σ m), the sum being over a window.
    /// </summary>
    private static Value TiledMaxPool(GradientContext c, Window2D window)
    {
        var graph = c.Graph;
        var (x, y, (kernelHeight, kernelWidth)) = (c.X(0), c.Y.Shape, (window.Kernel[0], window.Kernel[1]));
        var unreachedRows = x.Shape[2] - (y[2] * kernelHeight);
        var reached = unreachedRows == 0 ? x : graph.Slice(x, [2], [0], [y[2] * kernelHeight]);
        var shape = reached.Shape;
        var byRow = new TensorShape(y[0] * y[1] * y[2], kernelHeight, shape[3]);

        var isMaximum = graph.IsNotNegative(graph.Sub(graph.Reshape(reached, byRow), Spread(graph, c.Y, kernelWidth, shape[3])));
        var share = graph.AveragePool(graph.Reshape(isMaximum, shape), window);
        var dy = graph.Div(c.Dy, graph.Mul(share, kernelHeight * kernelWidth));
        var dx = graph.Reshape(graph.Mul(isMaximum, Spread(graph, dy, kernelWidth, shape[3])), shape);
        return unreachedRows == 0 ? dx : graph.Pad(dx, 0, 0, 0, 0, 0, 0, unreachedRows, 0);
    }

    /// <summary>
    /// [rows, 1, width] with each value of each row of <paramref name="values"/> repeated <paramref name="kernel"/> times, then zeros: a product with
    /// a matrix of zeros and ones, exact and faster than any operator that repeats. Rows that divide evenly are multiplied in short pieces.
    /// </summary>
    private static Value Spread(GraphBuilder graph, Value values, long kernel, long width)
    {
        const long shortest = 8;
        var count = values.Shape[3];
        var piece = count * kernel == width ? Enumerable.Range((int)Math.Min(shortest, count), (int)count).First(size => count % size == 0) : count;
        var spread = piece == count ? width : piece * kernel;
        var matrix = new float[piece * spread];
        for (var cell = 0L; cell < piece * kernel; cell++)
        {
            matrix[(cell / kernel * spread) + cell] = 1;
        }

        var pieces = graph.Reshape(values, new TensorShape(values.Shape.Count / piece, piece));
        return graph.Reshape(
            graph.MatMul(pieces, graph.Constant(new TensorShape(piece, spread), matrix)), new TensorShape(values.Shape.Count / count, 1, width));
    }

    /// <summary>Cells of the image, not of its padding, under a window on one axis.</summary>
    private static long Covered(Window2D window, int axis, long position, long size)
    {
        var start = (position * window.Strides[axis]) - window.Pads[axis];
        return Math.Min(start + window.Kernel[axis], size) - Math.Max(start, 0);
    }
}
