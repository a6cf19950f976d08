namespace StreamGenre.Training.Graph;

/// <content>Sums over the values of each channel, as normalisation and biases need them, in the forms that ONNX Runtime computes fast.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>The smallest image whose products are summed by a matrix product: each of these costs 85 ns, and for less a product in memory is cheaper.</summary>
    private const long SmallestDot = 512;

    /// <summary>
    /// Σ x over all axes but the second, [channels]. First along each image, then over the images: in one go, with the channels in between, it takes
    /// three times as long.
    /// </summary>
    internal Value ChannelSums(Value x)
    {
        var (images, channels) = (x.Shape[0], x.Shape[1]);
        var sums = x.Rank == 2
            ? x
            : ReduceSum(Reshape(x, new TensorShape(images, channels, x.Shape.Count / (images * channels))), [2], keepDims: false);
        return ReduceSum(sums, [0], keepDims: false);
    }

    /// <summary>Σ a·b over all axes but the second, [channels]: as products of rows with columns, which leave out writing a·b.</summary>
    internal Value ChannelDots(Value a, Value b)
    {
        var (images, channels) = (a.Shape[0], a.Shape[1]);
        var size = a.Shape.Count / (images * channels);
        if (size < SmallestDot)
        {
            return ChannelSums(Mul(a, b));
        }

        var row = new TensorShape(images * channels, 1, size);
        var dots = MatMul(Reshape(a, row), Transpose(Reshape(b, row), 0, 2, 1));
        return ReduceSum(Reshape(dots, new TensorShape(images, channels)), [0], keepDims: false);
    }
}
