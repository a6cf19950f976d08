using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of batch normalisation in training form.</summary>
internal static class NormalizationGradients
{
    // With x̂ = (x − μ)·r, r = 1/√(σ² + ε), both over the n values of a channel, y = γ·x̂ + β (Ioffe and Szegedy 2015, section 3):
    //   dβ = Σ dy,  dγ = Σ dy·x̂ = r·(Σ dy·x − μ·Σ dy)
    //   dx = γ·r·(dy − dβ/n − x̂·dγ/n) = a·dy + b·(x − μ) + c  with a = γ·r, b = −γ·r²·dγ/n, c = −γ·r·dβ/n
    public static void BatchNormalization(GradientContext c)
    {
        var graph = c.Graph;
        var x = c.X(0);
        var (mean, r) = (c.Operation.Saved[0], c.Operation.Saved[1]);
        var count = x.Shape.Count / x.Shape[1];

        var sumDy = graph.ChannelSums(c.Dy);
        var sumDyX = graph.ChannelDots(c.Dy, x);
        var slope = graph.Mul(graph.Sub(sumDyX, graph.Mul(mean, sumDy)), r);
        c.Give(1, () => slope);
        c.Give(2, () => sumDy);
        c.Give(0, () =>
        {
            // b·(x − μ) + c in one pass is a batch normalisation by the mean μ and the variance 1.
            var gammaR = graph.Mul(c.X(1), r);
            var one = graph.Expand(graph.Cast(graph.Scalar(1), x.Type), mean.Shape);
            var rest = graph.Node(
                "BatchNormalization",
                [x, graph.Mul(graph.Mul(gammaR, r), graph.Div(slope, -count)), graph.Mul(gammaR, graph.Div(sumDy, -count)), mean, one],
                x.Shape,
                OnnxAttribute.Of("epsilon", 0f));
            var perChannel = new TensorShape([1, x.Shape[1], .. Enumerable.Repeat(1L, x.Rank - 2)]);
            return graph.Add(graph.Mul(c.Dy, graph.Reshape(gammaR, perChannel)), rest);
        });
    }
}
