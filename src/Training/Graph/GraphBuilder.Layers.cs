namespace StreamGenre.Training.Graph;

/// <content>Layers: an operator with its own parameters, named as PyTorch names them ("conv1.weight").</content>
internal sealed partial class GraphBuilder
{
    /// <summary>Convolution that starts from He's initial weights.</summary>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="x">[batch, channels, height, width].</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="window">Kernel, strides, pads, dilations.</param>
    /// <param name="groups">Groups; as many as channels makes it depthwise.</param>
    /// <param name="bias">Whether a bias is added; needless before a normalisation.</param>
    public Value ConvLayer(string name, Value x, long outputs, Window2D window, long groups = 1, bool bias = false)
    {
        var taps = window.Kernel[0] * window.Kernel[1];
        var fanIn = x.Shape[1] / groups * taps;
        var weight = Parameter(
            $"{name}.weight", new TensorShape(outputs, x.Shape[1] / groups, window.Kernel[0], window.Kernel[1]), Initializers.He(outputs / groups * taps));
        return Conv(x, weight, bias ? Parameter($"{name}.bias", new TensorShape(outputs), Initializers.FanIn(fanIn)) : null, window, groups);
    }

    /// <summary>Batch normalisation that starts as scale 1, shift 0.</summary>
    public Value BatchNormLayer(string name, Value x, float epsilon = 1e-5f, double momentum = 0.1)
    {
        var shape = new TensorShape(x.Shape[1]);
        return BatchNormalization(
            x,
            Parameter($"{name}.weight", shape, Initializers.Ones),
            Parameter($"{name}.bias", shape, Initializers.Zeros),
            Buffer($"{name}.running_mean", shape, Initializers.Zeros),
            Buffer($"{name}.running_var", shape, Initializers.Ones),
            epsilon,
            momentum);
    }

    /// <summary>x·Wᵀ + b, x [batch, inputs].</summary>
    public Value DenseLayer(string name, Value x, long outputs, bool bias = true)
    {
        var weight = Parameter($"{name}.weight", new TensorShape(outputs, x.Shape[1]), Initializers.FanIn(x.Shape[1]));
        return Gemm(x, weight, bias ? Parameter($"{name}.bias", new TensorShape(outputs), Initializers.FanIn(x.Shape[1])) : null, transB: true);
    }
}
