using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of operators that move values without changing them: the gradient moves back.</summary>
internal static class ShapeGradients
{
    // y = x in another shape (Reshape, Flatten, Squeeze, Unsqueeze):  dx = dy in x's shape
    public static void Reshape(GradientContext c) => c.Give(0, () => c.Graph.Reshape(c.Dy, c.X(0).Shape));

    // y = x with axes permuted by p:  dx = dy permuted by p⁻¹
    public static void Transpose(GradientContext c) => c.Give(0, () =>
    {
        var permutation = c.Operation.Ints("perm");
        return c.Graph.Transpose(c.Dy, [.. Enumerable.Range(0, permutation.Length).Select(axis => (long)Array.IndexOf(permutation, (long)axis))]);
    });

    // y = [x₀, x₁, …]:  dxᵢ = dy's piece
    public static void Concat(GradientContext c)
    {
        var axis = (int)c.Operation.Int("axis");
        var pieces = c.Graph.Split(c.Dy, axis, [.. c.Operation.Inputs.Select(input => input!.Shape[axis])]);
        for (var i = 0; i < pieces.Length; i++)
        {
            var piece = pieces[i];
            c.Give(i, () => piece);
        }
    }

    // y₀, y₁, … = pieces of x:  dx = [dy₀, dy₁, …], zeros for pieces the loss doesn't see
    public static void Split(GradientContext c) => c.Give(0, () => c.Graph.Concat(
        (int)c.Operation.Int("axis"),
        [.. c.Operation.Outputs.Select((output, i) => c.OutputGradient(i) ?? c.Graph.Zeros(output.Shape))]));

    // y = x[start : end : step]:  dx = dy at those places, zeros elsewhere. With step s each value of dy is followed by s − 1 zeros, which is
    // an axis of size s padded behind it.
    public static void Slice(GradientContext c) => c.Give(0, () =>
    {
        var (starts, steps) = c.Graph.SliceOf(c.Operation);
        var shape = c.X(0).Shape;
        var gradient = c.Dy;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (steps[axis] > 1)
            {
                var dims = gradient.Shape.ToArray();
                var spread = c.Graph.Reshape(gradient, new TensorShape([.. dims[..(axis + 1)], 1, .. dims[(axis + 1)..]]));
                var pads = new long[2 * (dims.Length + 1)];
                pads[dims.Length + 1 + axis + 1] = steps[axis] - 1;
                spread = c.Graph.Pad(spread, pads);
                gradient = c.Graph.Reshape(spread, gradient.Shape.With(axis, dims[axis] * steps[axis]));

                // The zeros behind the last value may reach over x's end.
                var room = shape[axis] - starts[axis];
                if (gradient.Shape[axis] > room)
                {
                    gradient = c.Graph.Slice(gradient, [axis], [0], [room]);
                }
            }
        }

        var rank = shape.Rank;
        var around = new long[2 * rank];
        for (var axis = 0; axis < rank; axis++)
        {
            around[axis] = starts[axis];
            around[axis + rank] = shape[axis] - starts[axis] - gradient.Shape[axis];
        }

        return c.Graph.Pad(gradient, around);
    });

    // y = x with zeros around:  dx = the middle of dy
    public static void Pad(GradientContext c) => c.Give(0, () =>
    {
        var before = c.Graph.IntsOf(c.X(1));
        var shape = c.X(0).Shape;
        long[] axes = [.. Enumerable.Range(0, shape.Rank).Select(axis => (long)axis)];
        return c.Graph.Slice(c.Dy, axes, before[..shape.Rank], [.. axes.Select(axis => before[axis] + shape[(int)axis])]);
    });

    // y = x repeated along broadcast axes:  dx = Σ dy over them
    public static void Expand(GradientContext c) => c.Give(0, () => c.Dy);
}
