using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Networks;

/// <summary>
/// Convolution, batch normalisation and ReLU, with a 2x2 maximum between: the plain VGG form (Simonyan and Zisserman 2015) for spectrograms.
/// The first convolution halves the mel axis, where neighbouring bands say nearly the same; time, of which a window has only 39 frames, is kept.
/// </summary>
internal static class ConvolutionStack
{
    /// <summary>Builds the stack with one convolution for each entry of <paramref name="channels"/>.</summary>
    public static Value Build(GraphBuilder graph, Value x, IReadOnlyList<long> channels, int labels, float dropout)
    {
        var first = new Window2D { Kernel = [5, 5], Strides = [2, 1], Pads = [2, 2, 2, 2] };
        for (var i = 0; i < channels.Count; i++)
        {
            x = graph.ConvLayer($"conv{i + 1}", x, channels[i], i == 0 ? first : Window2D.Square(3, pad: 1));
            x = graph.Relu(graph.BatchNormLayer($"norm{i + 1}", x));
            if (i < channels.Count - 1)
            {
                x = graph.MaxPool(x, Window2D.Square(2, stride: 2));
            }
        }

        // The mean hears the whole window, the maximum its one most telling moment.
        x = graph.Flatten(graph.Concat(1, graph.GlobalAveragePool(x), graph.GlobalMaxPool(x)));
        return graph.DenseLayer("head", graph.Dropout(x, dropout), labels);
    }
}
