using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>Gradients of activations.</summary>
internal static class ActivationGradients
{
    // y = max(x, 0):  dx = dy where y > 0, else 0 (0 at the kink)
    public static void Relu(GradientContext c) => c.Give(0, () => c.Graph.Mul(c.Dy, c.Graph.IsPositive(c.Y)));

    // y = x ≥ 0 ? x : αx:  dx = dy·(α + (1 − α)·[x > 0]) (α at the kink, as PyTorch has it)
    public static void LeakyRelu(GradientContext c) => c.Give(0, () =>
    {
        var alpha = c.Operation.Float("alpha");
        return c.Graph.Mul(c.Dy, c.Graph.Add(c.Graph.Mul(c.Graph.IsPositive(c.X(0)), 1 - (double)alpha), alpha));
    });

    // y = 1/(1 + e⁻ˣ):  dx = dy·y·(1 − y)
    public static void Sigmoid(GradientContext c) => c.Give(0, () => c.Graph.Mul(c.Dy, c.Graph.Mul(c.Y, c.Graph.Sub(1, c.Y))));

    // y = ln(1 + eˣ):  dx = dy/(1 + e⁻ˣ)
    public static void Softplus(GradientContext c) => c.Give(0, () => c.Graph.Mul(c.Dy, c.Graph.Sigmoid(c.X(0))));

    // y = max(0, min(1, αx + β)):  dx = α·dy where 0 < y < 1, else 0
    public static void HardSigmoid(GradientContext c) => c.Give(0, () =>
    {
        // 0.2 is ONNX's default slope.
        var slope = c.Graph.Mul(c.Dy, c.Operation.Float("alpha", 0.2f));
        return c.Graph.Mul(slope, c.Graph.Sign(c.Graph.Mul(c.Y, c.Graph.Sub(1, c.Y))));
    });

    // y = x·max(0, min(1, x/6 + ½)):  dx = dy·max(0, x/3 + ½) where x < 3, dy from there on; 0 under −3
    public static void HardSwish(GradientContext c) => c.Give(0, () =>
    {
        var graph = c.Graph;
        var x = c.X(0);
        var bent = graph.Where(
            graph.Less(x, graph.Scalar(-3)), graph.Scalar(0), graph.Mul(c.Dy, graph.Add(graph.Div(x, 3), 0.5)));
        return graph.Where(graph.Less(x, graph.Scalar(3)), bent, c.Dy);
    });

    // y = tanh x:  dx = dy·(1 − y²)
    public static void Tanh(GradientContext c) => c.Give(0, () => c.Graph.Mul(c.Dy, c.Graph.Sub(1, c.Graph.Mul(c.Y, c.Y))));

    // y = softmax x:  dx = y·(dy − Σ dy·y)
    public static void Softmax(GradientContext c) => c.Give(0, () =>
        c.Graph.Mul(c.Y, c.Graph.Sub(c.Dy, SumOverAxis(c, c.Graph.Mul(c.Dy, c.Y)))));

    // y = log softmax x:  dx = dy − eʸ·Σ dy
    public static void LogSoftmax(GradientContext c) => c.Give(0, () =>
        c.Graph.Sub(c.Dy, c.Graph.Mul(c.Graph.Exp(c.Y), SumOverAxis(c, c.Dy))));

    private static Value SumOverAxis(GradientContext c, Value value) => c.Graph.ReduceSum(value, [c.Operation.Int("axis")]);
}
