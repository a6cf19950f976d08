using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Export;

/// <summary>What a network costs, for its model card.</summary>
/// <param name="Parameters">Weights, those of a frozen backbone included.</param>
/// <param name="Flops">Floating-point operations of the forward pass for one item: two for each multiply-add of convolutions, recurrences and matrix products.</param>
internal sealed record GraphCost(long Parameters, long Flops)
{
    /// <summary>Counts the network's inference form on one item of <paramref name="itemShape"/>.</summary>
    public static GraphCost Of(Func<GraphBuilder, Value, Value> forward, TensorShape itemShape)
    {
        var graph = new GraphBuilder(GraphMode.Inference);
        forward(graph, graph.Input("x", new TensorShape([1, .. itemShape.Dims])));
        return new GraphCost(
            graph.Parameters.Where(parameter => parameter.Trainable).Concat(graph.FrozenParameters).Sum(parameter => parameter.Value.Shape.Count),
            2 * graph.Operations.Sum(MultiplyAdds));
    }

    private static long MultiplyAdds(Operation operation)
    {
        var outputs = operation.Outputs[0].Shape;
        return operation.Type switch
        {
            "Conv" => outputs.Count * operation.Inputs[1]!.Shape.Count / operation.Inputs[1]!.Shape[0],
            "Gemm" => outputs.Count * operation.Inputs[0]!.Shape[operation.Int("transA") != 0 ? 0 : 1],
            "MatMul" => outputs.Count * operation.Inputs[0]!.Shape[^1],

            // Per step and item both matrices once.
            "LSTM" or "GRU" => outputs[0] * outputs[2] * (operation.Inputs[1]!.Shape.Count + operation.Inputs[2]!.Shape.Count),
            _ => 0,
        };
    }
}
