using Onnx;
using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Optimizers;

/// <summary>
/// One step of training as a model: state in, state out. The state is a few vectors (all weights, the optimiser's slots, their moving average, all
/// buffers), cut into named parameters at the graph's start.
/// </summary>
internal sealed class TrainingStep
{
    public const string LearningRateName = "learning_rate";
    public const string StepName = "step";
    public const string LossName = "loss";
    public const string LogitsName = "logits";
    public const string WeightsName = "weights";
    public const string BuffersName = "buffers";
    public const string AverageName = "weights.average";
    public const string AverageBuffersName = "buffers.average";

    private const string NextSuffix = ".next";

    private TrainingStep(ModelProto model, GraphBuilder graph, IReadOnlyList<StateVector> state)
    {
        Model = model;
        Graph = graph;
        State = state;
    }

    public ModelProto Model { get; }

    public GraphBuilder Graph { get; }

    public IReadOnlyList<StateVector> State { get; }

    /// <summary>The name under which the graph gives the next value of a state vector.</summary>
    public static string Next(string stateName) => stateName + NextSuffix;

    /// <summary>Completes a graph that ends in a loss with gradients, clipping, update and average.</summary>
    /// <param name="graph">Built for training.</param>
    /// <param name="loss">A single value.</param>
    /// <param name="logits">Given out beside the loss.</param>
    /// <param name="optimizer">Whose update is written.</param>
    /// <param name="options">Clipping and average.</param>
    public static TrainingStep Build(GraphBuilder graph, Value loss, Value logits, Optimizer optimizer, TrainingOptions options)
    {
        var weights = graph.Parameters.Where(parameter => parameter.Trainable).ToArray();
        if (weights.Length == 0)
        {
            throw new ArgumentException("The network has no parameters to train.", nameof(graph));
        }

        var buffers = graph.Parameters.Where(parameter => !parameter.Trainable).ToArray();
        var gradients = Backward.Of(graph, loss, [.. weights.Select(weight => weight.Value)]);

        using (graph.Unrecorded())
        {
            var learningRate = graph.Input(LearningRateName, TensorShape.Scalar);
            var step = graph.Input(StepName, TensorShape.Scalar, DataType.Double);
            var current = AddVector(graph, WeightsName, weights);
            var gradient = Clipped(graph, Flat(graph, gradients), options.ClipNorm);
            var slots = optimizer.Slots.Select(name => graph.Input(name, current.Shape)).ToArray();
            var decays = graph.Constant(
                current.Shape, weights.SelectMany(weight => Enumerable.Repeat(weight.Decays ? 1f : 0f, weight.Initial.Length)).ToArray());
            var update = optimizer.Update(new OptimizerInputs(graph, current, gradient, slots, learningRate, step, decays));

            if (options.FineTuning is { } fineTuning)
            {
                update = update with { Parameters = FineTuned(graph, current, update.Parameters, weights, fineTuning) };
            }

            var start = Joined(weights);
            var state = new List<StateVector> { new(WeightsName, weights, start) };
            var outputs = new List<(string, Value)> { (LossName, loss), (LogitsName, logits), (Next(WeightsName), update.Parameters) };
            for (var i = 0; i < slots.Length; i++)
            {
                state.Add(new StateVector(slots[i].Name, weights, new float[start.Length]));
                outputs.Add((Next(slots[i].Name), update.Slots[i]));
            }

            if (options.EmaDecay is { } decay)
            {
                var average = graph.Input(AverageName, current.Shape);
                state.Add(new StateVector(AverageName, weights, start));
                outputs.Add((Next(AverageName), graph.Add(graph.Mul(average, decay), graph.Mul(update.Parameters, 1 - decay))));
            }

            if (buffers.Length > 0)
            {
                AddVector(graph, BuffersName, buffers);
                var next = Flat(graph, [.. buffers.Select(buffer => buffer.Next ?? buffer.Value)]);
                state.Add(new StateVector(BuffersName, buffers, Joined(buffers)));
                outputs.Add((Next(BuffersName), next));
                if (options.EmaDecay is { } bufferDecay)
                {
                    // Running means belong to the weights they were measured with: averaged weights need averaged ones.
                    var average = graph.Input(AverageBuffersName, next.Shape);
                    state.Add(new StateVector(AverageBuffersName, buffers, Joined(buffers)));
                    outputs.Add((Next(AverageBuffersName), graph.Add(graph.Mul(average, bufferDecay), graph.Mul(next, 1 - bufferDecay))));
                }
            }

            return new TrainingStep(graph.ToModel(outputs, embedParameters: false), graph, state);
        }
    }

    // w ← w + m·(w' − w) with m = 1 for the network's own weights and their share for those trained before
    private static Value FineTuned(GraphBuilder graph, Value current, Value next, Parameter[] weights, FineTuning fineTuning)
    {
        var share = graph.Constant(
            current.Shape,
            weights
                .SelectMany(weight => Enumerable.Repeat(
                    weight.Name.StartsWith(fineTuning.Prefix, StringComparison.Ordinal) ? (float)fineTuning.Share : 1f, weight.Initial.Length))
                .ToArray());
        return graph.Add(current, graph.Mul(share, graph.Sub(next, current)));
    }

    private static float[] Joined(Parameter[] parameters) => [.. parameters.SelectMany(parameter => parameter.Initial)];

    /// <summary>An input vector, cut into the parameters at the front of the graph.</summary>
    private static Value AddVector(GraphBuilder graph, string name, Parameter[] parameters)
    {
        var vector = graph.Input(name, new TensorShape(parameters.Sum(parameter => parameter.Value.Shape.Count)));
        var pieces = parameters
            .Select(parameter => new Value(graph.NewName($"{parameter.Name}.flat"), new TensorShape(parameter.Value.Shape.Count), vector.Type))
            .ToArray();
        graph.Prologue("Split", [vector, graph.Ints([.. pieces.Select(piece => piece.Shape[0])])], pieces, OnnxAttribute.Of("axis", 0L));
        for (var i = 0; i < pieces.Length; i++)
        {
            graph.Prologue("Reshape", [pieces[i], graph.Ints(parameters[i].Value.Shape.ToArray())], [parameters[i].Value]);
        }

        return vector;
    }

    private static Value Flat(GraphBuilder graph, IReadOnlyList<Value> parts) =>
        graph.Concat(0, [.. parts.Select(part => graph.Reshape(part, new TensorShape(part.Shape.Count)))]);

    // g ← g · min(1, c / (‖g‖ + 1e-6)) (Pascanu et al. 2013, arXiv:1211.5063; the 1e-6 is PyTorch's)
    private static Value Clipped(GraphBuilder graph, Value gradient, double? norm)
    {
        if (norm is not { } limit)
        {
            return gradient;
        }

        var length = graph.Sqrt(graph.ReduceSumSquare(gradient));
        return graph.Mul(gradient, graph.Clip(graph.Div(graph.Scalar(limit), graph.Add(length, 1e-6)), 0, 1));
    }
}
