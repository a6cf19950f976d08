using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Networks;

/// <summary>A CNN on mel windows of 3 s, ten to each 30 s track of the Free Music Archive; a track is heard as its windows' mean. The channels are ours.</summary>
internal static class FmaCnn
{
    private const long Side = 128;

    private static readonly long[] Channels = [16, 32, 64, 128];

    /// <summary>The catalogue's entry.</summary>
    public static Network Network { get; } = new("fma-cnn", "four convolutions on ten windows of 3 s a track, measured by window and by track", Build)
    {
        Recipe = Recipes.Plain with
        {
            FrontEnd = Picture.Of(mels: 128, frames: 128, seconds: 3),
            WindowHopSeconds = 3,
            Optimizer = OptimizerKind.Adam,
            LearningRate = 1e-3,
            Epochs = 30,
            EpochWindows = 10 * Recipes.Songs,
            Dropout = 0.3,
        },
    };

    private static Value Build(GraphBuilder graph, Value x, int labels, float dropout)
    {
        x = graph.ResizeBilinear(x, Side, Side);
        for (var i = 0; i < Channels.Length; i++)
        {
            x = graph.BatchNormLayer($"norm{i + 1}", graph.ConvLayer($"conv{i + 1}", x, Channels[i], Window2D.Square(3, pad: 1)));
            x = graph.MaxPool(graph.Relu(x), Window2D.Square(2, stride: 2));
        }

        x = graph.Relu(graph.DenseLayer("dense", graph.Flatten(x), 64));
        return graph.DenseLayer("head", graph.Dropout(x, dropout), labels);
    }
}
