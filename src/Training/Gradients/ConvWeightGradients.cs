using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>
/// dw[o,c,k] = Σ_{n,p} dy[n,o,p]·x[n,c,s·p + d·k − pad] as matrix products, the only form in which ONNX Runtime's standard operators compute a sum of this
/// size fast, or by blocks of channels.
/// </summary>
internal static class ConvWeightGradients
{
    /// <summary>
    /// The widest dy whose depthwise gradient is taken by rows: that product is as many times larger than needed as dy is wide, and from about here
    /// on costs more than copying the inputs under every tap.
    /// </summary>
    private const int WidestByRows = 64;

    /// <summary>Writes dw in the weight's shape.</summary>
    public static Value Of(GradientContext c, Window2D window, long groups)
    {
        if (window.Kernel.Concat(window.Strides).All(size => size == 1) && window.Pads.All(pad => pad == 0))
        {
            return Product(c, c.Graph.Transpose(c.X(0), 1, 0, 2, 3), c.Graph.Transpose(c.Dy, 1, 0, 2, 3), groups);
        }

        if (c.Graph.TakesBlocks(c.X(0), c.X(1), groups))
        {
            return ByBlocks(c, window);
        }

        return groups > 1 && c.X(1).Shape[1] == 1 && c.Dy.Shape[3] <= WidestByRows
            ? ByRows(c, window, groups)
            : Product(c, Columns(c, window), c.Graph.Transpose(c.Dy, 1, 2, 3, 0), groups);
    }

    /// <summary>dy as [outputs, places] times the inputs under each tap as [inputs, taps, places], a place being a position of the kernel on one image.</summary>
    private static Value Product(GradientContext c, Value columns, Value dy, long groups)
    {
        var (graph, weight) = (c.Graph, c.X(1));
        var (outputs, places) = (dy.Shape[0], dy.Shape.Count / dy.Shape[0]);
        var rows = columns.Shape.Count / places;
        var product = groups == 1
            ? graph.Gemm(graph.Reshape(dy, new TensorShape(outputs, places)), graph.Reshape(columns, new TensorShape(rows, places)), transB: true)
            : graph.MatMul(
                graph.Reshape(dy, new TensorShape(groups, outputs / groups, places)),
                graph.Transpose(graph.Reshape(columns, new TensorShape(groups, rows / groups, places)), 0, 2, 1));
        return graph.Reshape(product, weight.Shape);
    }

    /// <summary>The inputs under each tap, [inputs, taps · height · width of dy, images]: with the images innermost, one operator picks them in whole runs.</summary>
    private static Value Columns(GradientContext c, Window2D window)
    {
        var graph = c.Graph;
        var y = c.Dy.Shape;
        var padded = graph.Pad(c.X(0), 0, 0, window.Pads[0], window.Pads[1], 0, 0, window.Pads[2], window.Pads[3]);
        var width = padded.Shape[3];
        var cells = graph.Reshape(graph.Transpose(padded, 1, 2, 3, 0), new TensorShape(padded.Shape[1], padded.Shape[2] * width, padded.Shape[0]));
        var under =
            from i in Enumerable.Range(0, (int)window.Kernel[0])
            from j in Enumerable.Range(0, (int)window.Kernel[1])
            from row in Enumerable.Range(0, (int)y[2])
            from column in Enumerable.Range(0, (int)y[3])
            select (((row * window.Strides[0]) + (i * window.Dilations[0])) * width) + (column * window.Strides[1]) + (j * window.Dilations[1]);
        return graph.Gather(cells, 1, [.. under]);
    }

    /// <summary>
    /// With one input a group: for each row i of the kernel the products of dy's columns with x's, G[c,p,q] = Σ_{n,h} dy[n,c,h,p]·x[n,c,s·h + d·i,q],
    /// of which dw[c,i,j] = Σ_p G[c,p,s·p + d·j − pad] adds up a diagonal. Far more is multiplied than needed, but by matrix products over all images, and
    /// only rows are copied.
    /// </summary>
    private static Value ByRows(GradientContext c, Window2D window, long groups)
    {
        var graph = c.Graph;
        var y = c.Dy.Shape;

        // Only rows are padded, which copies whole images; of columns in the padding the product knows nothing, and they would add nothing.
        var padded = graph.Transpose(graph.Pad(c.X(0), 0, 0, window.Pads[0], 0, 0, 0, window.Pads[2], 0), 1, 0, 2, 3);
        var (outputs, width, depth) = (y[1] / groups, padded.Shape[3], y[0] * y[2]);
        var dy = graph.Transpose(
            graph.Reshape(graph.Transpose(c.Dy, 1, 0, 2, 3), new TensorShape(groups, outputs, depth, y[3])), 0, 1, 3, 2);

        var products = new List<Value>();
        for (var i = 0L; i < window.Kernel[0]; i++)
        {
            var first = i * window.Dilations[0];
            var rows = graph.Slice(padded, [2], [first], [first + ((y[2] - 1) * window.Strides[0]) + 1], [window.Strides[0]]);
            var product = graph.MatMul(dy, graph.Reshape(rows, new TensorShape(groups, 1, depth, width)));
            products.Add(graph.Reshape(product, new TensorShape(y[1], 1, y[3] * width)));
        }

        var diagonals = new float[y[3] * width * window.Kernel[1]];
        for (var p = 0L; p < y[3]; p++)
        {
            for (var j = 0L; j < window.Kernel[1]; j++)
            {
                var q = (p * window.Strides[1]) + (j * window.Dilations[1]) - window.Pads[1];
                if (q >= 0 && q < width)
                {
                    diagonals[(((p * width) + q) * window.Kernel[1]) + j] = 1;
                }
            }
        }

        return graph.Reshape(
            graph.MatMul(graph.Concat(1, [.. products]), graph.Constant(new TensorShape(y[3] * width, window.Kernel[1]), diagonals)), c.X(1).Shape);
    }

    /// <summary>
    /// With one input and one output a group each image's gradient, Σ_p dy[n,c,p]·x[n,c,s·p + d·k − pad], is again a depthwise convolution: dy is the
    /// kernel, strides and dilations change roles, and images count as channels. These are then added up.
    /// </summary>
    private static Value ByBlocks(GradientContext c, Window2D window)
    {
        var graph = c.Graph;
        var (x, dy, weight) = (c.X(0).Shape, c.Dy.Shape, c.X(1).Shape);
        var (images, channels) = (x[0], x[1]);
        Value ImagesAsChannels(Value image) =>
            graph.Reshape(graph.Blocked(image), new TensorShape(1, images * channels, image.Shape[2], image.Shape[3]));

        var turned = new Window2D { Kernel = [dy[2], dy[3]], Strides = window.Dilations, Dilations = window.Strides };

        // Padded at the end for as many results as the kernel has taps; cells that no window reached give one more, which is cut off.
        long End(int axis) => Math.Max(0, turned.Reach(axis) + window.Reach(axis) - 1 - x[axis + 2] - window.Pads[axis]);
        turned = turned with { Pads = [window.Pads[0], window.Pads[1], End(0), End(1)] };
        var each = graph.Unblocked(graph.BlockedDepthwise(ImagesAsChannels(c.X(0)), ImagesAsChannels(c.Dy), bias: null, turned));
        var taps = graph.Slice(each, [2, 3], [0, 0], [weight[2], weight[3]]);
        return graph.Reshape(
            graph.ReduceSum(graph.Reshape(taps, new TensorShape(images, weight.Count)), [0], keepDims: false), weight);
    }
}
