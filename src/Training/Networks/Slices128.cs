using StreamGenre.Stages.Contract;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Networks;

/// <summary>
/// A CNN on 128x128 slices of a spectrogram of 50 columns a second (2.56 s), and on 5.12 s squeezed into a slice. A window holds 256 columns: training takes
/// half of a batch as plain slices and half zoomed out; the finished model hears both plain slices of a window and the zoomed-out one and answers the mean of
/// their logits. Four convolutions of 2x2 as in the published family, with half its channels.
/// </summary>
internal static class Slices128
{
    private const long Side = 128;
    private const int Views = 3;
    private const int SampleRateHz = 22_050;
    private const int ColumnsASecond = 50;

    private static readonly long[] Channels = [32, 64, 128, 256];

    /// <summary>The catalogue's entry.</summary>
    public static Network Network { get; } = new("slices-128", "CNN on 128x128 slices of 50 columns a second, fused with a view twice as long", Build)
    {
        Recipe = Recipes.Plain with
        {
            FrontEnd = new FrontEnd
            {
                Mel = new MelOptions { SampleRateHz = SampleRateHz, HopSamples = SampleRateHz / ColumnsASecond },

                // 256 columns, and the half frame that the last of them reaches beyond its centre.
                WindowSeconds = 5.15,
                PatchFrames = (int)(2 * Side),
            },
            SplitBy = "random:0.9/0.05/0.05",
            Optimizer = OptimizerKind.Adam,
            LearningRate = 1e-4,
            WeightDecay = 5e-5,
            Dropout = 0.6,
            Epochs = 40,
            EpochWindows = 5 * Recipes.Songs,
        },
    };

    private static Value Build(GraphBuilder graph, Value x, int labels, float dropout)
    {
        x = graph.ResizeBilinear(x, Side, 2 * Side);
        var batch = x.Shape[0];
        if (graph.Mode == GraphMode.Training)
        {
            // Rows of a batch are drawn at random, so which of them are zoomed out need not be.
            var parts = graph.Split(x, 0, batch - (batch / 2), batch / 2);
            return Classify(graph, graph.Concat(0, Slice(graph, parts[0], 0), ZoomedOut(graph, parts[1])), labels, dropout);
        }

        var views = graph.Concat(1, Slice(graph, x, 0), Slice(graph, x, Side), ZoomedOut(graph, x));
        var rows = batch == TensorShape.Symbolic ? batch : Views * batch;
        var logits = Classify(graph, graph.Reshape(views, new TensorShape(rows, 1, Side, Side)), labels, dropout);
        return graph.ReduceMean(graph.Reshape(logits, new TensorShape(batch, Views, labels)), [1], keepDims: false);
    }

    private static Value Slice(GraphBuilder graph, Value x, long first) => graph.Slice(x, [3], [first], [first + Side]);

    private static Value ZoomedOut(GraphBuilder graph, Value x) => graph.AveragePool(x, new Window2D { Kernel = [1, 2], Strides = [1, 2] });

    private static Value Classify(GraphBuilder graph, Value x, int labels, float dropout)
    {
        for (var i = 0; i < Channels.Length; i++)
        {
            x = graph.Relu(graph.ConvLayer($"conv{i + 1}", x, Channels[i], new Window2D { Kernel = [2, 2], Pads = [0, 0, 1, 1] }, bias: true));
            x = graph.MaxPool(x, Window2D.Square(2, stride: 2));
        }

        x = graph.Relu(graph.DenseLayer("dense", graph.Flatten(x), 256));
        return graph.DenseLayer("head", graph.Dropout(x, dropout), labels);
    }
}
