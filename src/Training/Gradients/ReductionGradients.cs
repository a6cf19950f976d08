using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of reductions over axes.</summary>
internal static class ReductionGradients
{
    // y = Σ x:  dx = dy, repeated over the summed axes
    public static void ReduceSum(GradientContext c) => c.Give(0, () => c.Graph.Expand(KeptDims(c, c.Dy, c.Graph.IntsOf(c.X(1))), c.X(0).Shape));

    // y = Σ x / n:  dx = dy / n, repeated over the averaged axes
    public static void ReduceMean(GradientContext c) => c.Give(0, () =>
    {
        var count = c.X(0).Shape.Count / c.Y.Shape.Count;
        return c.Graph.Expand(KeptDims(c, c.Graph.Div(c.Dy, count), c.Operation.Ints("axes")), c.X(0).Shape);
    });

    // y = max x:  dx = dy / m at the m places where x = y, 0 elsewhere: equals share alike, one of the valid subgradients
    public static void ReduceMax(GradientContext c) => c.Give(0, () => SharedAmongMaxima(c, c.Operation.Ints("axes")));

    // y = Σ x²:  dx = 2·x·dy
    public static void ReduceSumSquare(GradientContext c) => c.Give(0, () =>
        c.Graph.Mul(c.Graph.Mul(c.X(0), 2), KeptDims(c, c.Dy, c.Operation.Ints("axes"))));

    /// <summary>dy parted among the places of x that hold the maximum y.</summary>
    public static Value SharedAmongMaxima(GradientContext c, long[] axes)
    {
        var graph = c.Graph;
        var isMaximum = graph.AreEqual(c.X(0), KeptDims(c, c.Y, axes));
        return graph.Mul(isMaximum, graph.Div(KeptDims(c, c.Dy, axes), graph.ReduceSum(isMaximum, axes)));
    }

    private static Value KeptDims(GradientContext c, Value reduced, long[] axes)
    {
        var dims = c.X(0).Shape.ToArray();
        foreach (var axis in axes)
        {
            dims[axis] = 1;
        }

        var shape = new TensorShape(dims);
        return reduced.Shape.Equals(shape) ? reduced : c.Graph.Reshape(reduced, shape);
    }
}
