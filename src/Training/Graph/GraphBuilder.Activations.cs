namespace StreamGenre.Training.Graph;

/// <content>Activations and dropout.</content>
internal sealed partial class GraphBuilder
{
    public Value Relu(Value x) => Unary("Relu", x);

    /// <summary>x where x ≥ 0, else slope·x.</summary>
    public Value LeakyRelu(Value x, float slope = 0.01f) => Node("LeakyRelu", [x], x.Shape, OnnxAttribute.Of("alpha", slope));

    public Value Sigmoid(Value x) => Unary("Sigmoid", x);

    public Value Tanh(Value x) => Unary("Tanh", x);

    /// <summary>ln(1 + eˣ).</summary>
    public Value Softplus(Value x) => Unary("Softplus", x);

    /// <summary>max(0, min(1, alpha·x + beta)), ONNX's form; PyTorch's has the slope 1/6.</summary>
    public Value HardSigmoid(Value x, float alpha = 1f / 6, float beta = 0.5f) =>
        Node("HardSigmoid", [x], x.Shape, OnnxAttribute.Of("alpha", alpha), OnnxAttribute.Of("beta", beta));

    /// <summary>x·max(0, min(1, x/6 + ½)) (Howard et al. 2019, arXiv:1905.02244, section 5.2).</summary>
    public Value HardSwish(Value x) => Node("HardSwish", [x], x.Shape);

    /// <summary>min(max(x, 0), 6).</summary>
    public Value Relu6(Value x) => Clip(x, 0, 6);

    /// <summary>x·sigmoid(x) (SiLU, swish).</summary>
    public Value Silu(Value x) => Mul(x, Sigmoid(x));

    public Value Softmax(Value x, int axis = -1) => Node("Softmax", [x], x.Shape, OnnxAttribute.Of("axis", (long)x.Shape.Axis(axis)));

    public Value LogSoftmax(Value x, int axis = -1) => Node("LogSoftmax", [x], x.Shape, OnnxAttribute.Of("axis", (long)x.Shape.Axis(axis)));

    /// <summary>
    /// Drops values with the probability <paramref name="rate"/> and scales the others by 1/(1 − rate); in inference the identity. The mask is an
    /// input of the graph that the training session draws anew, by seed and step, for every step.
    /// </summary>
    /// <param name="x">What is dropped from.</param>
    /// <param name="rate">0..1, 1 excluded.</param>
    /// <param name="maskShape">Shape of the mask, broadcast to x: [batch, channels, 1, 1] drops whole channels. Default: x's.</param>
    public Value Dropout(Value x, float rate, TensorShape? maskShape = null)
    {
        if (rate is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A dropout rate is 0 or more and under 1.");
        }

        if (Mode == GraphMode.Inference || rate == 0)
        {
            return x;
        }

        var mask = Input($"dropout.{_dropoutMasks.Count}", maskShape ?? x.Shape);
        _dropoutMasks.Add((mask, rate));
        return Mul(x, mask);
    }
}
