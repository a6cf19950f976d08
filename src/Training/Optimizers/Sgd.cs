namespace StreamGenre.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent in PyTorch's form: g ← g + λw, b ← μb + g, w ← w − η·b, or w − η·(g + μb) with Nesterov's momentum
/// (Sutskever et al. 2013, section 2).
/// </summary>
internal sealed record Sgd : Optimizer
{
    /// <summary>μ, 0 for none.</summary>
    public double Momentum { get; init; } = 0.9;

    public bool Nesterov { get; init; }

    public override IReadOnlyList<string> Slots => Momentum == 0 ? [] : ["sgd.momentum"];

    public override OptimizerUpdate Update(OptimizerInputs inputs)
    {
        var g = inputs.Graph;
        var gradient = WeightDecay == 0
            ? inputs.Gradient
            : g.Add(inputs.Gradient, g.Mul(g.Mul(inputs.Decays, WeightDecay), inputs.Parameters));
        if (Momentum == 0)
        {
            return new OptimizerUpdate(g.Sub(inputs.Parameters, g.Mul(gradient, inputs.LearningRate)), []);
        }

        var velocity = g.Add(g.Mul(inputs.Slots[0], Momentum), gradient);
        var move = Nesterov ? g.Add(gradient, g.Mul(velocity, Momentum)) : velocity;
        return new OptimizerUpdate(g.Sub(inputs.Parameters, g.Mul(move, inputs.LearningRate)), [velocity]);
    }
}
