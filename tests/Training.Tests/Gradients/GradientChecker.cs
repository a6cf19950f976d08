using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Tests.Gradients;

/// <summary>
/// Holds the gradients that <see cref="Backward"/> writes against central differences of the function, (L(x + ε) − L(x − ε)) / 2ε, where
/// L = Σ r·f(x) with fixed random r; both run in ONNX Runtime.
/// </summary>
internal static class GradientChecker
{
    private const int ProbesPerInput = 12;

    /// <summary>Throws with the place and both numbers where they differ; returns the operators recorded, for the caller to see what was checked.</summary>
    public static IReadOnlyList<string> Check(GradientCase subject, Random random)
    {
        var graph = new GraphBuilder(GraphMode.Training, real: subject.Type, blockedKernels: TrainingDevice.Cpu.HasBlockedKernels);
        var inputs = subject.Inputs.Select((shape, i) => graph.Input($"x{i}", shape)).ToArray();
        var y = subject.Function(graph, inputs);
        var r = new float[y.Shape.Count];
        foreach (ref var value in r.AsSpan())
        {
            value = (float)((random.NextDouble() * 2) - 1);
        }

        var operators = graph.Operations.Select(operation => operation.Type).ToArray();
        var loss = graph.ReduceSum(graph.Mul(y, graph.Constant(y.Shape, r)), keepDims: false);
        var gradients = Backward.Of(graph, loss, inputs);
        var outputs = gradients.Select((gradient, i) => ($"g{i}", gradient)).Prepend(("y", y)).ToArray();
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(graph.ToModel(outputs, embedParameters: true).ToByteArray(), options);

        var x = subject.Inputs.Select(shape => Draw(subject, shape, random)).ToArray();
        double Loss() => Run(session, subject, x, ["y"])[0].Zip(r, (a, b) => a * b).Sum();
        var analytic = Run(session, subject, x, [.. gradients.Select((_, i) => $"g{i}")]);

        for (var i = 0; i < x.Length; i++)
        {
            if (!gradients[i].Shape.Equals(subject.Inputs[i]))
            {
                throw new InvalidOperationException($"The gradient of input {i} has the shape {gradients[i].Shape}, the input {subject.Inputs[i]}.");
            }

            var places = Enumerable.Range(0, x[i].Length).ToArray();
            random.Shuffle(places);
            foreach (var place in places.Take(ProbesPerInput))
            {
                var original = x[i][place];
                x[i][place] = original + subject.Epsilon;
                var above = Loss();
                x[i][place] = original - subject.Epsilon;
                var below = Loss();
                x[i][place] = original;
                var numeric = (above - below) / (2 * subject.Epsilon);
                if (!(Math.Abs(numeric - analytic[i][place]) <= subject.Tolerance * Math.Max(1, Math.Abs(numeric))))
                {
                    throw new InvalidOperationException(
                        $"Input {i} {subject.Inputs[i]}, place {place}: central difference {numeric}, gradient {analytic[i][place]}; y is {y.Shape}.");
                }
            }
        }

        return operators;
    }

    private static double[] Draw(GradientCase subject, TensorShape shape, Random random)
    {
        var values = new double[shape.Count];
        if (subject.Distinct)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = 0.05 + (0.1 * (i - (values.Length / 2)));
            }

            random.Shuffle(values);
            return values;
        }

        foreach (ref var value in values.AsSpan())
        {
            value = subject.Draw(random);
        }

        return values;
    }

    private static double[][] Run(InferenceSession session, GradientCase subject, double[][] x, string[] outputs)
    {
        var values = x.Select((input, i) => subject.Type == DataType.Double
            ? OrtValue.CreateTensorValueFromMemory((double[])input.Clone(), subject.Inputs[i].ToArray())
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(input, value => (float)value), subject.Inputs[i].ToArray())).ToArray();
        try
        {
            using var runOptions = new RunOptions();
            using var results = session.Run(runOptions, [.. x.Select((_, i) => $"x{i}")], values, outputs);
            return [.. results.Select(result => subject.Type == DataType.Double
                ? result.GetTensorDataAsSpan<double>().ToArray()
                : Array.ConvertAll(result.GetTensorDataAsSpan<float>().ToArray(), value => (double)value))];
        }
        finally
        {
            foreach (var value in values)
            {
                value.Dispose();
            }
        }
    }
}
