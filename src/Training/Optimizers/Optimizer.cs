using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Optimizers;

/// <summary>
/// Writes an optimiser's update into the training graph. All parameters lie one behind the other in one vector, so that an update is a dozen nodes
/// however many parameters there are.
/// </summary>
internal abstract record Optimizer
{
    /// <summary>Strength of the weight decay, 0 for none; only parameters that decay (kernels and matrices, not biases and norms) feel it.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Names of the vectors that the optimiser keeps from step to step; each is as long as the parameters and starts at zero.</summary>
    public abstract IReadOnlyList<string> Slots { get; }

    /// <summary>Writes the nodes of one update.</summary>
    public abstract OptimizerUpdate Update(OptimizerInputs inputs);
}

/// <summary>What an update starts from.</summary>
/// <param name="Graph">The training graph.</param>
/// <param name="Parameters">All weights, [count].</param>
/// <param name="Gradient">dL/d(weights), [count].</param>
/// <param name="Slots">The optimiser's vectors in the order of <see cref="Optimizer.Slots"/>, each [count].</param>
/// <param name="LearningRate">A scalar.</param>
/// <param name="Step">The step's number from 1, a scalar of type double.</param>
/// <param name="Decays">1 where a weight decays, else 0, [count].</param>
internal sealed record OptimizerInputs(
    GraphBuilder Graph, Value Parameters, Value Gradient, IReadOnlyList<Value> Slots, Value LearningRate, Value Step, Value Decays);

/// <summary>What an update ends in: the new weights and slots.</summary>
internal sealed record OptimizerUpdate(Value Parameters, IReadOnlyList<Value> Slots);
