using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests;

/// <summary>The weights that a network begins with.</summary>
internal static class DrawnWeights
{
    /// <summary>Draws them.</summary>
    /// <param name="forward">The network.</param>
    /// <param name="item">Shape of one item of its batch.</param>
    /// <param name="seed">Draws the weights.</param>
    public static IReadOnlyDictionary<string, ParameterTensor> Of(Func<GraphBuilder, Value, Value> forward, TensorShape item, int seed)
    {
        var graph = new GraphBuilder(GraphMode.Inference, seed);
        forward(graph, graph.Input("x", new TensorShape([1, .. item.Dims])));
        return graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => new ParameterTensor(parameter.Name, parameter.Value.Shape, parameter.Initial));
    }
}
