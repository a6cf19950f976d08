using System.Runtime.InteropServices;

using Google.Protobuf;
using Onnx;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Metrics;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Export;

/// <summary>
/// Fits the last dense layer of a finished model anew. What a network has learnt to hear serves for more than its own last layer, which saw each clip
/// hundreds of times; a logistic regression on the clips' mean features, held short, errs otherwise (last-layer retraining, Kirichenko et al. 2023,
/// arXiv:2204.02937). The two layers' logits are added, which on the same features is one layer.
/// </summary>
internal static class LastLayer
{
    /// <summary>Fits it.</summary>
    /// <param name="model">An ONNX model that ends in a Gemm with weights [labels, features].</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="clips">What to learn from.</param>
    /// <param name="penalty">See <see cref="LogisticRegression.Fit"/>.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <returns>The model with the fitted layer added to its last one.</returns>
    /// <exception cref="TrainingException">The model doesn't end so, or a label has no clip.</exception>
    public static byte[] Refit(byte[] model, ModelContract contract, MelSet clips, double penalty, int threads)
    {
        var proto = ModelProto.Parser.ParseFrom(model);
        var layer = proto.Graph.Node.SingleOrDefault(node => node.Output.Contains(contract.OutputName));
        var weights = proto.Graph.Initializer.SingleOrDefault(tensor => layer?.Input.Count == 3 && tensor.Name == layer.Input[1]);
        var bias = proto.Graph.Initializer.SingleOrDefault(tensor => layer?.Input.Count == 3 && tensor.Name == layer.Input[2]);
        if (layer is not { OpType: "Gemm" } || weights is null || bias is null || !layer.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 }))
        {
            throw new TrainingException($"the model ends in {layer?.OpType ?? "nothing known"}; only a dense layer with weights and a bias can be fitted anew");
        }

        var scored = Hear(proto, layer.Input[0], (int)weights.Dims[1], contract, clips, threads);
        var (fitted, shift) = LogisticRegression.Fit([.. scored.Clips.Select(MeanOf)], [.. scored.Clips.Select(clip => clip.Label)], contract.Labels.Count, penalty);
        Add(weights, fitted);
        Add(bias, shift);
        return proto.ToByteArray();
    }

    private static ScoredSet Hear(ModelProto model, string features, int count, ModelContract contract, MelSet clips, int threads)
    {
        var trunk = model.Clone();
        trunk.Graph.Output.Clear();
        trunk.Graph.Output.Add(OnnxTensor.Info(features, new TensorShape(TensorShape.Symbolic, count), DataType.Float));
        using var session = new BatchSession(trunk.ToByteArray(), threads);
        var item = Exporter.ItemShape(contract);
        return ScoredSet.Score(clips, contract, windows => session.Run(contract.InputName, item, windows, features));
    }

    private static double[] MeanOf(ClipLogits clip)
    {
        var rows = clip.Windows * clip.Patches;
        var mean = new double[clip.Logits.Length / rows];
        for (var i = 0; i < clip.Logits.Length; i++)
        {
            mean[i % mean.Length] += clip.Logits[i] / (double)rows;
        }

        return mean;
    }

    private static void Add(TensorProto tensor, double[] fitted)
    {
        var sum = OnnxTensor.Floats(tensor).Zip(fitted, (old, value) => (float)(old + value)).ToArray();
        tensor.FloatData.Clear();
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(sum));
    }
}
