using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Graph;

/// <content>Operators that move values without changing them.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>The same values in another shape; at most one size may be symbolic and is then worked out when the graph runs.</summary>
    public Value Reshape(Value x, TensorShape shape)
    {
        var symbolic = shape.ToArray().Count(dim => dim == TensorShape.Symbolic);
        if (symbolic > 1 || (symbolic == 0 && x.Shape.IsStatic && x.Shape.Count != shape.Count))
        {
            throw new ArgumentException($"{x} can't be reshaped to {shape}: the number of values differs or is open.", nameof(shape));
        }

        return Node("Reshape", [x, Ints(shape.ToArray())], [(shape, x.Type)])[0];
    }

    /// <summary>[batch, everything else].</summary>
    public Value Flatten(Value x)
    {
        var rest = new TensorShape(x.Shape.Dims[1..].ToArray()).Count;
        return Node("Flatten", [x], new TensorShape(x.Shape[0], rest), OnnxAttribute.Of("axis", 1L));
    }

    public Value Squeeze(Value x, params long[] axes)
    {
        var resolved = axes.Select(x.Shape.Axis).ToHashSet();
        var shape = new TensorShape([.. x.Shape.ToArray().Where((_, axis) => !resolved.Contains(axis))]);
        return Node("Squeeze", [x, Ints([.. resolved.Select(axis => (long)axis)])], shape);
    }

    /// <summary>Puts axes of size 1 at the places <paramref name="axes"/> of the result.</summary>
    public Value Unsqueeze(Value x, params long[] axes)
    {
        var rank = x.Rank + axes.Length;
        var resolved = axes.Select(axis => (int)(axis < 0 ? axis + rank : axis)).ToHashSet();
        var from = 0;
        var dims = new long[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            dims[axis] = resolved.Contains(axis) ? 1 : x.Shape[from++];
        }

        return Node("Unsqueeze", [x, Ints([.. resolved.Select(axis => (long)axis)])], new TensorShape(dims));
    }

    public Value Transpose(Value x, params long[] permutation) => Node(
        "Transpose", [x], new TensorShape([.. permutation.Select(axis => x.Shape[(int)axis])]), OnnxAttribute.Of("perm", permutation));

    public Value Concat(int axis, params IReadOnlyList<Value> parts)
    {
        var resolved = parts[0].Shape.Axis(axis);
        var shape = parts[0].Shape.With(resolved, parts.Sum(part => part.Shape[resolved]));
        foreach (var part in parts)
        {
            if (!part.Shape.With(resolved, 0).Equals(shape.With(resolved, 0)))
            {
                throw new ArgumentException($"{part} and {parts[0]} can't be joined on axis {resolved}: another axis differs.", nameof(parts));
            }
        }

        return Node("Concat", [.. parts], shape, OnnxAttribute.Of("axis", (long)resolved));
    }

    /// <summary>Cuts an axis into pieces of the given sizes.</summary>
    public Value[] Split(Value x, int axis, params long[] sizes)
    {
        var resolved = x.Shape.Axis(axis);
        if (sizes.Sum() != x.Shape[resolved])
        {
            throw new ArgumentException($"Pieces of {string.Join(" + ", sizes)} don't make up axis {resolved} of {x}.", nameof(sizes));
        }

        return Node(
            "Split", [x, Ints(sizes)], [.. sizes.Select(size => (x.Shape.With(resolved, size), x.Type))], OnnxAttribute.Of("axis", (long)resolved));
    }

    /// <summary>Every <paramref name="steps"/>-th value from <paramref name="starts"/> up to, not including, <paramref name="ends"/>.</summary>
    public Value Slice(Value x, long[] axes, long[] starts, long[] ends, long[]? steps = null)
    {
        steps ??= [.. Enumerable.Repeat(1L, axes.Length)];
        var dims = x.Shape.ToArray();
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = x.Shape.Axis(axes[i]);
            if (starts[i] < 0 || ends[i] <= starts[i] || ends[i] > dims[axis] || steps[i] < 1)
            {
                throw new ArgumentException($"A slice {starts[i]}..{ends[i]} by {steps[i]} of axis {axis} of {x}; it must lie inside and run forwards.", nameof(starts));
            }

            dims[axis] = ((ends[i] - starts[i] - 1) / steps[i]) + 1;
        }

        long[] resolved = [.. axes.Select(axis => (long)x.Shape.Axis(axis))];
        return Node("Slice", [x, Ints(starts), Ints(ends), Ints(resolved), Ints(steps)], new TensorShape(dims));
    }

    /// <summary>The axes in reverse order of their values.</summary>
    public Value Reverse(Value x, params long[] axes)
    {
        long[] Repeat(long value) => [.. Enumerable.Repeat(value, axes.Length)];
        return Node("Slice", [x, Ints(Repeat(-1)), Ints(Repeat(long.MinValue)), Ints(axes), Ints(Repeat(-1))], x.Shape);
    }

    /// <summary>Zeros before and after each axis, as ONNX orders them: all beginnings, then all ends.</summary>
    public Value Pad(Value x, params long[] pads)
    {
        var dims = x.Shape.ToArray();
        for (var axis = 0; axis < dims.Length; axis++)
        {
            if (pads.Length != 2 * dims.Length || pads[axis] < 0 || pads[axis + dims.Length] < 0)
            {
                throw new ArgumentException($"Pads [{string.Join(", ", pads)}] for {x}; they are {2 * dims.Length} numbers, none negative.", nameof(pads));
            }

            dims[axis] += pads[axis] + pads[axis + dims.Length];
        }

        return pads.All(pad => pad == 0) ? x : Node("Pad", [x, Ints(pads)], new TensorShape(dims), OnnxAttribute.Of("mode", "constant"));
    }

    /// <summary>Repeats axes of size 1.</summary>
    public Value Expand(Value x, TensorShape shape)
    {
        if (!TensorShape.Broadcast(x.Shape, shape).Equals(shape))
        {
            throw new ArgumentException($"{x} doesn't expand to {shape}.", nameof(shape));
        }

        return x.Shape.Equals(shape) ? x : Node("Expand", [x, Ints(shape.ToArray())], [(shape, x.Type)])[0];
    }

    /// <summary>Zeros of the graph's real type.</summary>
    public Value Zeros(TensorShape shape) => Expand(Scalar(0), shape);

    public Value ReduceSum(Value x, long[]? axes = null, bool keepDims = true) => Node(
        "ReduceSum", [x, Ints(ReducedAxes(x, axes))], ReducedShape(x, axes, keepDims), OnnxAttribute.Of("keepdims", keepDims ? 1L : 0L));

    /// <summary>The mean over axes; over all, as a scalar, where none are named.</summary>
    public Value ReduceMean(Value x, long[]? axes = null, bool? keepDims = null) => Reduction("ReduceMean", x, axes, keepDims ?? axes is not null);

    public Value ReduceMax(Value x, long[]? axes = null, bool keepDims = true) => Reduction("ReduceMax", x, axes, keepDims);

    public Value ReduceSumSquare(Value x, long[]? axes = null, bool keepDims = true) => Reduction("ReduceSumSquare", x, axes, keepDims);

    /// <summary>Sums what broadcasting repeated, back to <paramref name="shape"/>.</summary>
    public Value SumTo(Value x, TensorShape shape)
    {
        if (x.Shape.Equals(shape))
        {
            return x;
        }

        var lead = x.Rank - shape.Rank;
        long[] axes = [.. Enumerable.Range(0, x.Rank).Where(axis => axis < lead || (shape[axis - lead] == 1 && x.Shape[axis] != 1)).Select(axis => (long)axis)];
        var summed = axes.Length == 0 ? x : ReduceSum(x, axes);
        return summed.Shape.Equals(shape) ? summed : Reshape(summed, shape);
    }

    private Value Reduction(string type, Value x, long[]? axes, bool keepDims) => Node(
        type,
        [x],
        [(ReducedShape(x, axes, keepDims), x.Type)],
        OnnxAttribute.Of("axes", ReducedAxes(x, axes)),
        OnnxAttribute.Of("keepdims", keepDims ? 1L : 0L))[0];

    private static long[] ReducedAxes(Value x, long[]? axes) =>
        axes is null ? [.. Enumerable.Range(0, x.Rank).Select(axis => (long)axis)] : [.. axes.Select(axis => (long)x.Shape.Axis(axis))];

    private static TensorShape ReducedShape(Value x, long[]? axes, bool keepDims)
    {
        var reduced = ReducedAxes(x, axes).ToHashSet();
        var dims = x.Shape.ToArray().Select((dim, axis) => reduced.Contains(axis) ? 1 : dim);
        return new TensorShape([.. keepDims ? dims : dims.Where((_, axis) => !reduced.Contains(axis))]);
    }
}
