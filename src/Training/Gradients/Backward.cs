using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Gradients;

/// <summary>
/// Reverse-mode differentiation: walks the recorded operations from last to first and lets each operator's rule write the nodes of its
/// gradients into the same graph (Griewank and Walther, Evaluating Derivatives, 2008, section 3.2).
/// </summary>
internal static class Backward
{
    /// <summary>dL/dp for each of <paramref name="parameters"/> (any values of the graph), in their order; zeros where the loss doesn't depend on one.</summary>
    /// <param name="graph">A graph built for training, every shape static.</param>
    /// <param name="loss">One value.</param>
    /// <param name="parameters">What is differentiated by.</param>
    /// <exception cref="NotSupportedException">An operator between parameters and loss has no gradient rule; the message names it.</exception>
    public static IReadOnlyList<Value> Of(GraphBuilder graph, Value loss, IReadOnlyList<Value> parameters)
    {
        if (loss.Shape.Count != 1)
        {
            throw new ArgumentException($"The loss {loss} must be a single value; reduce it to its mean or sum first.", nameof(loss));
        }

        var dependent = parameters.ToHashSet();
        foreach (var operation in graph.Operations)
        {
            if (operation.Inputs.Any(input => input is not null && dependent.Contains(input)))
            {
                dependent.UnionWith(operation.Outputs);
            }
        }

        using (graph.Unrecorded())
        {
            var gradients = new Dictionary<Value, Value> { [loss] = graph.Expand(graph.Scalar(1), loss.Shape) };
            foreach (var operation in graph.Operations.Reverse())
            {
                var arriving = operation.Outputs.Select(gradients.GetValueOrDefault).ToArray();
                if (Array.TrueForAll(arriving, gradient => gradient is null) || !operation.Outputs.Any(dependent.Contains))
                {
                    continue;
                }

                var context = new GradientContext(graph, operation, arriving, dependent.Contains);
                GradientRules.For(operation.Type)(context);
                for (var i = 0; i < operation.Inputs.Count; i++)
                {
                    if (context.InputGradients[i] is { } gradient)
                    {
                        var input = operation.Inputs[i]!;
                        gradients[input] = gradients.TryGetValue(input, out var sum) ? graph.Add(sum, gradient) : gradient;
                    }
                }
            }

            return [.. parameters.Select(parameter => gradients.GetValueOrDefault(parameter) ?? graph.Zeros(parameter.Shape))];
        }
    }
}
