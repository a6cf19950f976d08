using System.Numerics.Tensors;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Inference;

/// <summary>Turns a model's output into a window's scores.</summary>
internal static class ScoreRule
{
    /// <summary>
    /// The mean over the window's patches of softmax(logits / temperature), or of the probabilities as they are.
    /// </summary>
    /// <param name="contract">Says what the output holds.</param>
    /// <param name="output">The model's output for one window, <c>[patches, labels]</c>.</param>
    /// <param name="scores">Receives the scores, <c>[labels]</c>.</param>
    public static void Apply(ModelContract contract, ReadOnlySpan<float> output, Span<float> scores)
    {
        var labels = scores.Length;
        var patches = output.Length / labels;
        scores.Clear();
        for (var patch = 0; patch < patches; patch++)
        {
            var row = output.Slice(patch * labels, labels);
            if (contract.ScoreKind == ScoreKind.Logits)
            {
                AddSoftmax(row, (float)(1 / contract.Temperature), scores);
            }
            else
            {
                TensorPrimitives.Add(scores, row, scores);
            }
        }

        TensorPrimitives.Multiply(scores, 1f / patches, scores);
    }

    /// <summary>scores += exp((x − max x)/T) / Σ exp((x − max x)/T); less the maximum, no exponent overflows.</summary>
    private static void AddSoftmax(ReadOnlySpan<float> logits, float inverseTemperature, Span<float> scores)
    {
        var max = TensorPrimitives.Max(logits);
        var total = 0.0;
        foreach (var logit in logits)
        {
            total += Math.Exp((logit - max) * inverseTemperature);
        }

        for (var i = 0; i < logits.Length; i++)
        {
            scores[i] += (float)(Math.Exp((logits[i] - max) * inverseTemperature) / total);
        }
    }
}
