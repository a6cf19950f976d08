using Onnx;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Graph;

/// <content>Convolution, pooling, matrix products and batch normalisation.</content>
internal sealed partial class GraphBuilder
{
    /// <summary>Convolution (correlation, as every framework has it) with zeros as padding.</summary>
    /// <param name="x">[batch, channels, height, width].</param>
    /// <param name="weight">[outputs, channels / groups, kernel height, kernel width].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="window">Strides, pads and dilations; its kernel must be the weight's.</param>
    /// <param name="groups">Number of groups that channels and outputs are parted into.</param>
    public Value Conv(Value x, Value weight, Value? bias, Window2D window, long groups = 1)
    {
        if (x.Rank != 4 || weight.Rank != 4 || x.Shape[1] != weight.Shape[1] * groups || weight.Shape[0] % groups != 0
            || window.Kernel[0] != weight.Shape[2] || window.Kernel[1] != weight.Shape[3])
        {
            throw new ArgumentException(
                $"Convolution of {x} with the weight {weight} in {groups} groups, kernel [{string.Join(", ", window.Kernel)}]: the sizes don't fit.",
                nameof(weight));
        }

        AttributeProto[] attributes = [.. window.Attributes(), OnnxAttribute.Of("group", groups)];
        if (!TakesBlocks(x, weight, groups))
        {
            return Node("Conv", [x, weight, bias], window.Output(x.Shape, weight.Shape[0]), attributes);
        }

        Value output;
        using (Unrecorded())
        {
            output = DepthwiseByBlocks(x, weight, bias, window);
        }

        Record("Conv", [x, weight, bias], [output], attributes, saved: []);
        return output;
    }

    /// <summary>
    /// The largest value under each window. A pool of a rectifier's output is written as the rectifier of the pool, which is the same, gradients
    /// included, and leaves the rectifier a fraction of the values. Equals share the gradient where windows are plain tiles; else the first gets it.
    /// </summary>
    public Value MaxPool(Value x, Window2D window)
    {
        if (Mode == GraphMode.Training && _operations.LastOrDefault() is { Type: "Relu" or "LeakyRelu" } rectifier
            && rectifier.Outputs[0] == x && rectifier.Float("alpha") >= 0)
        {
            var pooled = MaxPool(rectifier.Inputs[0]!, window);
            return rectifier.Type == "Relu" ? Relu(pooled) : LeakyRelu(pooled, rectifier.Float("alpha"));
        }

        // ONNX Runtime takes five times as long where it has to note the places of the maxima, which tiles can do without.
        var shape = window.Output(x.Shape, x.Shape[1]);
        (TensorShape, DataType)[] outputs = Mode == GraphMode.Training && !(window.IsTiling && x.Type == DataType.Float)
            ? [(shape, x.Type), (shape, DataType.Int64)]
            : [(shape, x.Type)];
        return Node("MaxPool", [x], outputs, [.. window.Attributes(), OnnxAttribute.Of("ceil_mode", window.Ceil ? 1L : 0L)])[0];
    }

    /// <summary>The mean under each window; padding doesn't count.</summary>
    public Value AveragePool(Value x, Window2D window)
    {
        if (window.Ceil || window.Dilations.Any(dilation => dilation != 1))
        {
            throw new ArgumentException("Average pooling takes neither ceil mode nor dilations.", nameof(window));
        }

        var attributes = window.Attributes().Where(attribute => attribute.Name != "dilations");
        return Node("AveragePool", [x], window.Output(x.Shape, x.Shape[1]), [.. attributes]);
    }

    /// <summary>The mean over height and width, kept as axes of size 1.</summary>
    public Value GlobalAveragePool(Value x) => Node("GlobalAveragePool", [x], new TensorShape(x.Shape[0], x.Shape[1], 1, 1));

    /// <summary>The maximum over height and width, kept as axes of size 1.</summary>
    public Value GlobalMaxPool(Value x) => Node("GlobalMaxPool", [x], new TensorShape(x.Shape[0], x.Shape[1], 1, 1));

    /// <summary>alpha·A·B + beta·C with A and B transposed where asked; matrices of rank 2.</summary>
    public Value Gemm(Value a, Value b, Value? c = null, bool transA = false, bool transB = false, float alpha = 1, float beta = 1)
    {
        var rows = a.Shape[transA ? 1 : 0];
        var columns = b.Shape[transB ? 0 : 1];
        if (a.Rank != 2 || b.Rank != 2 || a.Shape[transA ? 0 : 1] != b.Shape[transB ? 1 : 0])
        {
            throw new ArgumentException($"The product of {a}{(transA ? " transposed" : "")} and {b}{(transB ? " transposed" : "")}: the sizes don't fit.", nameof(b));
        }

        return Node(
            "Gemm",
            [a, b, c],
            new TensorShape(rows, columns),
            OnnxAttribute.Of("alpha", alpha),
            OnnxAttribute.Of("beta", beta),
            OnnxAttribute.Of("transA", transA ? 1L : 0L),
            OnnxAttribute.Of("transB", transB ? 1L : 0L));
    }

    /// <summary>Matrix products over the last two axes, the others broadcast; both of rank 2 or more.</summary>
    public Value MatMul(Value a, Value b)
    {
        if (a.Rank < 2 || b.Rank < 2 || a.Shape[^1] != b.Shape[^2])
        {
            throw new ArgumentException($"The product of {a} and {b}: the sizes don't fit.", nameof(b));
        }

        var lead = TensorShape.Broadcast(new TensorShape(a.Shape.Dims[..^2].ToArray()), new TensorShape(b.Shape.Dims[..^2].ToArray()));
        return Node("MatMul", [a, b], new TensorShape([.. lead.Dims, a.Shape[^2], b.Shape[^1]]));
    }

    /// <summary>
    /// Ioffe and Szegedy 2015 (arXiv:1502.03167). In training normalises by the batch's own mean and variance over all axes but the second and moves
    /// the running statistics, running ← (1 − momentum)·running + momentum·batch's, with the unbiased variance as PyTorch does; in inference
    /// normalises by the running statistics.
    /// </summary>
    /// <param name="x">[batch, channels, …].</param>
    /// <param name="scale">[channels].</param>
    /// <param name="shift">[channels].</param>
    /// <param name="runningMean">A buffer, [channels].</param>
    /// <param name="runningVariance">A buffer, [channels].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">Share of the batch in the running statistics.</param>
    public Value BatchNormalization(
        Value x, Value scale, Value shift, Value runningMean, Value runningVariance, float epsilon = 1e-5f, double momentum = 0.1)
    {
        if (Mode == GraphMode.Inference)
        {
            return Node("BatchNormalization", [x, scale, shift, runningMean, runningVariance], x.Shape, OnnxAttribute.Of("epsilon", epsilon));
        }

        var count = x.Shape.Count / x.Shape[1];
        if (count < 2)
        {
            throw new ArgumentException($"Batch normalisation of {x} has one value a channel, and one value has no variance: use a larger batch.", nameof(x));
        }

        Value output, mean, inverseDeviation;
        using (Unrecorded())
        {
            mean = Div(ChannelSums(x), count);

            // E[x²] − μ² reads x once less than E[(x − μ)²]; what the difference loses where μ² is far larger than the variance is as little as
            // in Flax, which computes it so too. It may round to less than nothing.
            var variance = Relu(Sub(Div(ChannelDots(x, x), count), Mul(mean, mean)));
            inverseDeviation = Reciprocal(Sqrt(Add(variance, epsilon)));
            output = Node("BatchNormalization", [x, scale, shift, mean, variance], x.Shape, OnnxAttribute.Of("epsilon", epsilon));

            Value Moved(Value running, Value batch, double factor) => Add(Mul(running, 1 - momentum), Mul(batch, momentum * factor));
            UpdateBuffer(runningMean, Moved(runningMean, mean, 1));
            UpdateBuffer(runningVariance, Moved(runningVariance, variance, count / (count - 1.0)));
        }

        Record("BatchNormalization", [x, scale, shift], [output], [], [mean, inverseDeviation]);
        return output;
    }
}
