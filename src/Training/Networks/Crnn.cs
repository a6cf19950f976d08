using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Networks;

/// <summary>
/// Five convolutions with a maximum each, one LSTM over what time is left, two dense layers, on the mel frames of 30 s. Longer files are cut into clips of
/// 30 s whose answers are averaged into one. The channels are ours: of the published network only the number and kind of layers is known.
/// </summary>
internal static class Crnn
{
    private static readonly long[] Channels = [16, 32, 64, 64, 128];

    /// <summary>The catalogue's entry.</summary>
    public static Network Network { get; } = new("crnn", "five convolutions with five maxima, one LSTM, two dense layers on clips of 30 s", Build)
    {
        Recipe = Recipes.Plain with
        {
            FrontEnd = new FrontEnd { WindowSeconds = 30 },
            WindowHopSeconds = 30,
            Optimizer = OptimizerKind.Adam,
            LearningRate = 1e-3,
            Epochs = 40,
            EpochWindows = Recipes.Songs,
            BatchWindows = 16,
            Dropout = 0.3,
        },
    };

    private static Value Build(GraphBuilder graph, Value x, int labels, float dropout)
    {
        for (var i = 0; i < Channels.Length; i++)
        {
            x = graph.BatchNormLayer($"norm{i + 1}", graph.ConvLayer($"conv{i + 1}", x, Channels[i], Window2D.Square(3, pad: 1)));
            x = graph.MaxPool(graph.Relu(x), Window2D.Square(2, stride: 2) with { Ceil = true });
        }

        x = graph.LstmLayer("lstm", TimeSteps.Of(graph, x), 64);
        x = graph.Relu(graph.DenseLayer("dense", graph.Dropout(x, dropout), 64));
        return graph.DenseLayer("head", graph.Dropout(x, dropout), labels);
    }
}
