using StreamGenre.Training;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;

namespace StreamGenre.Benchmarks.Steps;

/// <summary>A network that is written here and, under the same names of its parameters, in pytorch_step.py.</summary>
/// <param name="Name">What both sides call it.</param>
/// <param name="Mels">Height of the picture.</param>
/// <param name="Frames">Width of the picture.</param>
/// <param name="Forward">From [batch, 1, mels, frames] to logits.</param>
internal sealed record BenchmarkNetwork(string Name, int Mels, int Frames, Func<GraphBuilder, Value, Value> Forward)
{
    /// <summary>Labels of every network.</summary>
    public const int Labels = 10;

    /// <summary>All that are measured. None drops anything: the two sides would draw different masks.</summary>
    public static IReadOnlyList<BenchmarkNetwork> All { get; } =
    [
        Catalogued("conv4", 128, 39),
        Catalogued("efficient", 128, 39),
        Catalogued("accurate", 128, 39),
        Catalogued("crnn", 128, 387) with { BatchWindows = 16 },
        Catalogued("cnn-rnn", 80, 80),
        Catalogued("parallel-cnn", 80, 80),
        new("separable", 128, 39, Separable),
    ];

    /// <summary>Windows in a step unless another number is asked for.</summary>
    public int BatchWindows { get; init; } = 64;

    /// <summary>The network of a name.</summary>
    /// <exception cref="TrainingException">There is none.</exception>
    public static BenchmarkNetwork Find(string name) => All.FirstOrDefault(network => network.Name == name)
        ?? throw new TrainingException($"there is no benchmark of a network '{name}'; there are {string.Join(", ", All.Select(network => network.Name))}");

    private static BenchmarkNetwork Catalogued(string name, int mels, int frames) =>
        new(name, mels, frames, NetworkCatalog.Find(name).Forward(Labels, dropout: 0));

    /// <summary>MobileNet's blocks (Howard et al. 2017, arXiv:1704.04861, figure 3b): a 3x3 convolution of each channel, then one of 1x1 over them.</summary>
    private static Value Separable(GraphBuilder graph, Value x)
    {
        Value Normed(string name, Value value) => graph.Relu(graph.BatchNormLayer(name, value));

        x = Normed("norm0", graph.ConvLayer("conv0", x, 16, Window2D.Square(3, stride: 2, pad: 1)));
        (long Outputs, long Stride)[] blocks = [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1)];
        for (var i = 0; i < blocks.Length; i++)
        {
            var (outputs, stride) = blocks[i];
            x = Normed($"norm{i + 1}a", graph.ConvLayer($"depthwise{i + 1}", x, x.Shape[1], Window2D.Square(3, stride, pad: 1), groups: x.Shape[1]));
            x = Normed($"norm{i + 1}b", graph.ConvLayer($"pointwise{i + 1}", x, outputs, Window2D.Square(1)));
        }

        return graph.DenseLayer("head", graph.Flatten(graph.GlobalAveragePool(x)), Labels);
    }
}
