using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Networks;

/// <summary>
/// Convolution, batch normalisation and ReLU, with a 2x2 maximum between: the plain VGG form (Simonyan and Zisserman 2015) for spectrograms.
/// The first convolution halves the mel axis, where neighbouring bands say nearly the same; time, of which a window has only 39 frames, is kept.
/// </summary>
internal static class ConvolutionStack
{
    /// <summary>Builds the stack with one convolution for each entry of <paramref name="channels"/>, and a dense layer on its features.</summary>
    public static Value Build(GraphBuilder graph, Value x, IReadOnlyList<long> channels, int labels, float dropout) =>
        graph.DenseLayer("head", graph.Dropout(Features(graph, x, channels), dropout), labels);

    /// <summary>Mean and maximum over the last convolution's maps, [batch, 2·channels].</summary>
    /// <param name="graph">Takes the layers.</param>
    /// <param name="x">[batch, 1, rows, frames].</param>
    /// <param name="channels">Of each convolution.</param>
    /// <param name="prefix">Put before the layers' names where a network has several stacks.</param>
    public static Value Features(GraphBuilder graph, Value x, IReadOnlyList<long> channels, string prefix = "")
    {
        var first = new Window2D { Kernel = [5, 5], Strides = [2, 1], Pads = [2, 2, 2, 2] };
        for (var i = 0; i < channels.Count; i++)
        {
            x = graph.ConvLayer($"{prefix}conv{i + 1}", x, channels[i], i == 0 ? first : Window2D.Square(3, pad: 1));
            x = graph.Relu(graph.BatchNormLayer($"{prefix}norm{i + 1}", x));
            if (i < channels.Count - 1)
            {
                x = graph.MaxPool(x, Window2D.Square(2, stride: 2));
            }
        }

        // The mean hears the whole window, the maximum its one most telling moment.
        return graph.Flatten(graph.Concat(1, graph.GlobalAveragePool(x), graph.GlobalMaxPool(x)));
    }
}
