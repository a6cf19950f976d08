using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Networks;

/// <summary>
/// Two convolutions side by side on an 80x80 log-mel picture of 2 s, fifteen a song: one of large kernels and coarse pooling, one of small kernels and fine
/// pooling; their maps, flattened and joined, go into one dense layer.
/// </summary>
internal static class ParallelCnn
{
    private const long Side = 80;

    /// <summary>Slope of the leaky rectifier, as Keras has it.</summary>
    private const float Slope = 0.3f;

    /// <summary>The catalogue's entry.</summary>
    public static Network Network { get; } = new("parallel-cnn", "two CNN branches side by side on fifteen 80x80 windows a song", Build)
    {
        Recipe = Recipe,
    };

    /// <summary>What it shares with <see cref="CnnRnn"/>: the windows and the training. 0.01 is Keras's rate of plain SGD.</summary>
    internal static Runs.TrainingRunOptions Recipe => Recipes.Plain with
    {
        FrontEnd = Picture.Of(mels: 80, frames: 80, seconds: 2),
        WindowHopSeconds = 2,
        Optimizer = OptimizerKind.Sgd,
        LearningRate = 0.01,
        Epochs = 50,
        EpochWindows = 15 * Recipes.Songs,
    };

    private static Value Build(GraphBuilder graph, Value x, int labels, float dropout)
    {
        x = graph.ResizeBilinear(x, Side, Side);

        // An even kernel's padding "same" has one cell more behind than before.
        var large = graph.ConvLayer("branch_a.conv", x, 3, new Window2D { Kernel = [8, 8], Pads = [3, 3, 4, 4] }, bias: true);
        large = graph.MaxPool(graph.LeakyRelu(large, Slope), Window2D.Square(4, stride: 4));
        var small = graph.ConvLayer("branch_b.conv", x, 4, Window2D.Square(4), bias: true);
        small = graph.MaxPool(graph.LeakyRelu(small, Slope), Window2D.Square(2, stride: 2));
        var joined = graph.Concat(1, graph.Flatten(large), graph.Flatten(small));
        return graph.DenseLayer("head", graph.Dropout(joined, dropout), labels);
    }
}
