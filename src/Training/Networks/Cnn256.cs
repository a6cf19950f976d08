using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Networks;

/// <summary>
/// A plain CNN on 256x256 spectrogram pictures, one of each 30 s clip. The channels are ours: of the published network only size, optimiser and split are known.
/// </summary>
internal static class Cnn256
{
    private const long Side = 256;

    private static readonly long[] Channels = [16, 32, 64, 64, 128];

    /// <summary>The catalogue's entry.</summary>
    public static Network Network { get; } = new("cnn-256", "plain CNN on one 256x256 spectrogram picture a clip of 30 s", Build)
    {
        Recipe = Recipes.Plain with
        {
            // At 2048 samples the lowest of 256 bands would be narrower than the FFT resolves.
            FrontEnd = Picture.Of(mels: 256, frames: 256, seconds: 30, fftSize: 4096),
            WindowHopSeconds = 30,
            SplitBy = "random:0.6/0.4",
            Optimizer = OptimizerKind.Adam,
            LearningRate = 1e-4,
            Epochs = 50,
            EpochWindows = Recipes.Songs,
        },
    };

    private static Value Build(GraphBuilder graph, Value x, int labels, float dropout)
    {
        x = graph.ResizeBilinear(x, Side, Side);
        for (var i = 0; i < Channels.Length; i++)
        {
            x = graph.ConvLayer($"conv{i + 1}", x, Channels[i], Window2D.Square(3, pad: 1), bias: true);
            x = graph.MaxPool(graph.Relu(x), Window2D.Square(2, stride: 2));
        }

        x = graph.Relu(graph.DenseLayer("dense", graph.Flatten(x), 128));
        return graph.DenseLayer("head", graph.Dropout(x, dropout), labels);
    }
}
