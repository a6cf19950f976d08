namespace StreamGenre.Training.Graph;

/// <content>Pictures of another size.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>
    /// The picture at another size, bilinear (see <see cref="Interpolation.Matrix"/>; an axis that shrinks to less than half is averaged instead),
    /// as two products with constant matrices: differentiable, and served by every runtime.
    /// </summary>
    /// <param name="x">[batch, channels, height, width], height and width known.</param>
    /// <param name="height">The new height.</param>
    /// <param name="width">The new width.</param>
    public Value ResizeBilinear(Value x, long height, long width)
    {
        if (x.Rank != 4)
        {
            throw new ArgumentException($"Only pictures [batch, channels, height, width] are resized, not {x}.", nameof(x));
        }

        // The axis that shrinks more goes first: fewer multiplications.
        return height * x.Shape[3] <= width * x.Shape[2]
            ? ResizeWidth(ResizeHeight(x, height), width)
            : ResizeHeight(ResizeWidth(x, width), height);
    }

    private Value ResizeHeight(Value x, long height) => x.Shape[2] == height
        ? x
        : MatMul(Constant(new TensorShape(height, x.Shape[2]), Interpolation.Matrix(x.Shape[2], height)), x);

    private Value ResizeWidth(Value x, long width)
    {
        var from = x.Shape[3];
        if (from == width)
        {
            return x;
        }

        var matrix = Interpolation.Matrix(from, width);
        var transposed = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
        {
            transposed[(i % from * width) + (i / from)] = matrix[i];
        }

        return MatMul(x, Constant(new TensorShape(from, width), transposed));
    }
}
