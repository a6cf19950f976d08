using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests;

/// <summary>Runs a graph under construction in ONNX Runtime.</summary>
internal static class GraphRun
{
    /// <summary>The values of <paramref name="outputs"/>; parameters have their starting values.</summary>
    public static float[][] Of(GraphBuilder graph, IReadOnlyList<Value> outputs, params (Value Input, float[] Values)[] inputs)
    {
        var names = outputs.Select((_, i) => $"output:{i}").ToArray();
        var model = graph.ToModel([.. names.Zip(outputs)], embedParameters: true);
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model.ToByteArray(), options);
        var values = inputs.Select(input => OrtValue.CreateTensorValueFromMemory(input.Values, Concrete(input.Input.Shape, input.Values.Length))).ToArray();
        try
        {
            using var runOptions = new RunOptions();
            using var results = session.Run(runOptions, [.. inputs.Select(input => input.Input.Name)], values, names);
            return [.. results.Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
        }
        finally
        {
            foreach (var value in values)
            {
                value.Dispose();
            }
        }
    }

    /// <summary>The shape with its symbolic size worked out.</summary>
    private static long[] Concrete(TensorShape shape, long count)
    {
        var known = shape.ToArray().Where(size => size != TensorShape.Symbolic).Aggregate(1L, (a, b) => a * b);
        return [.. shape.ToArray().Select(size => size == TensorShape.Symbolic ? count / known : size)];
    }
}
