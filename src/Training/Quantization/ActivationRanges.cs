using System.Numerics.Tensors;
using System.Runtime.InteropServices;

using Google.Protobuf;

using Microsoft.ML.OnnxRuntime;

using Onnx;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;

namespace StreamGenre.Training.Quantization;

/// <summary>Between which values a model's tensors lie while it hears music.</summary>
internal static class ActivationRanges
{
    // Extremes of single batches that this share of batches goes beyond is clipped: one odd sound must not cost all others their resolution.
    private const double Tail = 0.01;

    // Enough for every genre's ranges to settle; a few seconds.
    private const int MostClips = 256;

    /// <summary>Runs the model on clips spread over a set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="set">The clips.</param>
    /// <param name="names">Tensors of floats.</param>
    /// <returns>By name, the least and the greatest value but for a hundredth of the batches' extremes.</returns>
    /// <exception cref="TrainingException">The set has no window.</exception>
    public static IReadOnlyDictionary<string, (float Min, float Max)> Measure(
        ModelProto model, ModelContract contract, MelSet set, IReadOnlyList<string> names)
    {
        var inner = names.Where(name => name != contract.InputName && name != contract.OutputName).ToList();
        var probe = model.Clone();
        probe.Graph.Output.Add(inner.Select(name => new ValueInfoProto { Name = name }));

        // Unoptimised: nothing is fused away that is asked for.
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(probe.ToByteArray(), options);
        using var run = new RunOptions();
        var item = Exporter.ItemShape(contract).Dims.ToArray();
        var shape = session.InputMetadata[contract.InputName].Dimensions.Length == 4 ? item : item[1..];
        var extremes = names.ToDictionary(name => name, _ => new List<(float Min, float Max)>(), StringComparer.Ordinal);
        void Note(string name, ReadOnlySpan<float> values)
        {
            if (extremes.TryGetValue(name, out var list))
            {
                list.Add((TensorPrimitives.Min(values), TensorPrimitives.Max(values)));
            }
        }

        float[] Hear(ReadOnlyMemory<float> windows)
        {
            var cells = (int)shape.Aggregate(1L, (count, length) => count * length);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(windows), [windows.Length / cells, .. shape]);
            Note(contract.InputName, windows.Span);
            using var values = session.Run(run, [contract.InputName], [input], [.. inner, contract.OutputName]);
            foreach (var (name, value) in inner.Append(contract.OutputName).Zip(values))
            {
                Note(name, value.GetTensorDataAsSpan<float>());
            }

            return values[inner.Count].GetTensorDataAsSpan<float>().ToArray();
        }

        var step = Math.Max(1, set.Clips.Count / MostClips);
        var clips = new MelSet(set.Labels, [.. set.Clips.Where((_, index) => index % step == 0)]);
        if (ScoredSet.Score(clips, contract, Hear).Clips.Count == 0)
        {
            throw new TrainingException("the data holds no window to calibrate by");
        }

        return extremes.ToDictionary(entry => entry.Key, entry => Range(entry.Value), StringComparer.Ordinal);
    }

    private static (float Min, float Max) Range(List<(float Min, float Max)> extremes)
    {
        var skip = (int)(Tail * extremes.Count);
        return (extremes.Select(pair => pair.Min).Order().ElementAt(skip), extremes.Select(pair => pair.Max).OrderDescending().ElementAt(skip));
    }
}
