using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Networks;

/// <summary>
/// Two convolutions on an 80x80 log-mel picture of 2 s, then two LSTMs over its 18 remaining time steps: the first answers every step, the second the whole.
/// </summary>
internal static class CnnRnn
{
    private const long Side = 80;

    /// <summary>The catalogue's entry.</summary>
    public static Network Network { get; } = new("cnn-rnn", "two convolutions and two LSTMs on fifteen 80x80 windows a song", Build)
    {
        Recipe = ParallelCnn.Recipe with { Dropout = 0.2 },
    };

    private static Value Build(GraphBuilder graph, Value x, int labels, float dropout)
    {
        x = graph.ResizeBilinear(x, Side, Side);
        x = graph.MaxPool(graph.Relu(graph.ConvLayer("conv1", x, 8, Window2D.Square(4), bias: true)), Window2D.Square(2, stride: 2));
        x = graph.MaxPool(graph.Relu(graph.ConvLayer("conv2", x, 6, Window2D.Square(3), bias: true)), Window2D.Square(2, stride: 2));
        x = graph.LstmLayer("lstm1", TimeSteps.Of(graph, x), 128, sequence: true);
        x = graph.LstmLayer("lstm2", x, 32);
        x = graph.Relu(graph.DenseLayer("dense", x, 200));
        return graph.DenseLayer("head", graph.Dropout(x, dropout), labels);
    }
}
