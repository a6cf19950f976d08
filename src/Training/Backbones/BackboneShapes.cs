using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Backbones;

/// <summary>
/// Arithmetic on shapes, which exporters write as nodes ("the batch and whatever is left"): worked out while the graph is written, as every size but
/// the batch is known then.
/// </summary>
internal static class BackboneShapes
{
    /// <summary>The node's result; null when it isn't about known whole numbers.</summary>
    public static long[]? Fold(BackboneNode node)
    {
        if (node.Type == "Shape")
        {
            return node.X.Shape.ToArray();
        }

        if (node.InputCount == 0 || !Enumerable.Range(0, node.InputCount).All(node.IsKnown))
        {
            return null;
        }

        var x = node.Integers(0);
        return node.Type switch
        {
            "Gather" => [.. node.Integers(1).Select(index => x[index < 0 ? index + x.Length : index])],
            "Concat" => [.. Enumerable.Range(0, node.InputCount).SelectMany(node.Integers)],
            "Slice" => Slice(x, node.Integers(1)[0], node.Integers(2)[0], node.InputCount > 4 ? node.Integers(4)[0] : 1),
            "Unsqueeze" or "Squeeze" or "Cast" or "Identity" => x,
            _ => null,
        };
    }

    /// <summary>The shape that Reshape's second input asks for: 0 keeps a size, −1 is worked out.</summary>
    public static TensorShape Target(Value x, long[] asked, long fileBatch)
    {
        var dims = (long[])asked.Clone();
        for (var axis = 0; axis < dims.Length; axis++)
        {
            // A file made for one batch size has it in its shapes too.
            var isBatch = axis == 0 && (dims[0] == 0 || (fileBatch != TensorShape.Symbolic && dims[0] == fileBatch && x.Shape[0] != fileBatch));
            dims[axis] = isBatch ? x.Shape[0] : dims[axis] == 0 ? x.Shape[axis] : dims[axis];
        }

        var open = Array.LastIndexOf(dims, -1);
        if (open > 0 || (open == 0 && x.Shape.IsStatic))
        {
            // Beside an open batch only the item's sizes decide.
            var isBatchKept = !x.Shape.IsStatic && dims[0] == TensorShape.Symbolic;
            var count = new TensorShape(x.Shape.Dims[(isBatchKept ? 1 : 0)..].ToArray()).Count;
            var known = dims.Where((_, axis) => axis != open && !(isBatchKept && axis == 0)).Aggregate(1L, (a, b) => a * b);
            dims[open] = count / known;
        }

        return new TensorShape(dims);
    }

    private static long[] Slice(long[] x, long start, long end, long step)
    {
        long Place(long index) => Math.Clamp(index < 0 ? index + x.Length : index, 0, x.Length);
        return step == 1
            ? x[(int)Place(start)..(int)Math.Max(Place(start), Place(end))]
            : throw new ArgumentException($"a slice of a shape by steps of {step}; only 1 can be imported", nameof(step));
    }
}
