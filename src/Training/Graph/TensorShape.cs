namespace StreamGenre.Training.Graph;

/// <summary>
/// Sizes of a tensor's axes. A size of <see cref="Symbolic"/> is known only when the graph runs (the batch of an exported model); gradients
/// need every size known, so a training graph is built for one batch size.
/// </summary>
internal sealed class TensorShape : IEquatable<TensorShape>
{
    /// <summary>The size of an axis that is known only when the graph runs.</summary>
    public const long Symbolic = -1;

    private readonly long[] _dims;

    public TensorShape(params long[] dims)
    {
        foreach (var dim in dims)
        {
            if (dim < Symbolic)
            {
                throw new ArgumentException($"A size of {dim} in [{string.Join(", ", dims)}]; a size is 0 or more, or {Symbolic} for symbolic.", nameof(dims));
            }
        }

        _dims = [.. dims];
    }

    public static TensorShape Scalar { get; } = new();

    public int Rank => _dims.Length;

    public bool IsStatic => !_dims.Contains(Symbolic);

    public ReadOnlySpan<long> Dims => _dims;

    /// <summary>Number of elements; throws where a size is symbolic.</summary>
    public long Count
    {
        get
        {
            if (!IsStatic)
            {
                throw new InvalidOperationException($"The shape {this} has no element count: build the graph with a fixed batch size.");
            }

            var count = 1L;
            foreach (var dim in _dims)
            {
                count *= dim;
            }

            return count;
        }
    }

    public long this[int axis] => _dims[axis < 0 ? axis + _dims.Length : axis];

    /// <summary>The axis counted from the front; throws when there is no such axis.</summary>
    public int Axis(long axis)
    {
        var resolved = axis < 0 ? axis + Rank : axis;
        return resolved >= 0 && resolved < Rank
            ? (int)resolved
            : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The shape {this} has {Rank} axes; an axis is {-Rank}..{Rank - 1}.");
    }

    public long[] ToArray() => [.. _dims];

    public TensorShape With(int axis, long size)
    {
        var dims = ToArray();
        dims[Axis(axis)] = size;
        return new TensorShape(dims);
    }

    /// <summary>The shape two operands broadcast to under numpy's rule; throws when they don't fit.</summary>
    public static TensorShape Broadcast(TensorShape a, TensorShape b)
    {
        var dims = new long[Math.Max(a.Rank, b.Rank)];
        for (var i = 1; i <= dims.Length; i++)
        {
            var da = i <= a.Rank ? a[^i] : 1;
            var db = i <= b.Rank ? b[^i] : 1;
            if (da != db && da != 1 && db != 1)
            {
                throw new ArgumentException($"The shapes {a} and {b} don't broadcast: {da} against {db} on axis -{i}.", nameof(b));
            }

            dims[^i] = da == 1 ? db : da;
        }

        return new TensorShape(dims);
    }

    public long this[Index index] => _dims[index];

    public bool Equals(TensorShape? other) => other is not null && _dims.AsSpan().SequenceEqual(other._dims);

    public override bool Equals(object? obj) => Equals(obj as TensorShape);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var dim in _dims)
        {
            hash.Add(dim);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _dims.Select(dim => dim == Symbolic ? "N" : $"{dim}"))}]";
}
