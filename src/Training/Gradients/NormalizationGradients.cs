using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of batch normalisation in training form.</summary>
internal static class NormalizationGradients
{
    // With x̂ = (x − μ)·r, r = 1/√(σ² + ε), both over the n values of a channel, y = γ·x̂ + β (Ioffe and Szegedy 2015, section 3):
    //   dβ = Σ dy,  dγ = Σ dy·x̂ = r·Σ dy·(x − μ)
    //   dx = γ·r·(dy − dβ/n − x̂·dγ/n)
    public static void BatchNormalization(GradientContext c)
    {
        var graph = c.Graph;
        var x = c.X(0);
        var (centred, r) = (c.Operation.Saved[0], c.Operation.Saved[1]);
        var count = x.Shape.Count / x.Shape[1];
        long[] axes = [.. Enumerable.Range(0, x.Rank).Where(axis => axis != 1).Select(axis => (long)axis)];

        var sumDy = graph.ReduceSum(c.Dy, axes);
        var sumDyX = graph.Mul(graph.ReduceSum(graph.Mul(c.Dy, centred), axes), r);
        c.Give(1, () => graph.Reshape(sumDyX, c.X(1).Shape));
        c.Give(2, () => graph.Reshape(sumDy, c.X(2).Shape));
        c.Give(0, () =>
        {
            var gammaR = graph.Mul(graph.Reshape(c.X(1), r.Shape), r);
            var slope = graph.Mul(graph.Mul(gammaR, r), graph.Div(sumDyX, count));
            var offset = graph.Mul(gammaR, graph.Div(sumDy, count));
            return graph.Sub(graph.Sub(graph.Mul(c.Dy, gammaR), graph.Mul(centred, slope)), offset);
        });
    }
}
