namespace StreamGenre.Training.Optimizers;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101): w ← w·(1 − ηλ) before Adam's move.</summary>
internal sealed record AdamW : Adam
{
    public AdamW() => WeightDecay = 0.01;

    public override OptimizerUpdate Update(OptimizerInputs inputs)
    {
        var g = inputs.Graph;
        var decayed = WeightDecay == 0
            ? inputs.Parameters
            : g.Mul(inputs.Parameters, g.Sub(1, g.Mul(inputs.Decays, g.Mul(inputs.LearningRate, WeightDecay))));
        return Moved(inputs, decayed, inputs.Gradient);
    }
}
