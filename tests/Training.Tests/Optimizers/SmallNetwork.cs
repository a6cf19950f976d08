using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests.Optimizers;

/// <summary>The network that the golden values were made with: see Golden/make_training_golden.py.</summary>
internal static class SmallNetwork
{
    public static TensorShape ItemShape { get; } = new(1, 9, 8);

    public static Value Forward(GraphBuilder g, Value x)
    {
        var h = g.ConvLayer("conv1", x, 4, Window2D.Square(3, pad: 1));
        h = g.MaxPool(g.Relu(g.BatchNormLayer("bn1", h)), Window2D.Square(2, stride: 2));
        h = g.ConvLayer("conv2", h, 6, Window2D.Square(3, stride: 2, pad: 1), groups: 2, bias: true);
        h = g.LeakyRelu(h, 0.1f);
        return g.DenseLayer("fc", g.Flatten(g.GlobalAveragePool(h)), 3);
    }
}
