using Onnx;
using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Export;

/// <summary>
/// Folds batch normalisation into the convolution before it: with a = γ/√(σ² + ε), w' = a·w and b' = a·(b − μ) + β per output channel
/// (Jacob et al. 2018, arXiv:1712.05877, section 3.2).
/// </summary>
internal static class BatchNormFolding
{
    /// <summary>The model with every normalisation folded that alone reads a convolution with constant weights; others stay.</summary>
    public static ModelProto Fold(ModelProto model)
    {
        var folded = model.Clone();
        var graph = folded.Graph;
        var constants = graph.Initializer.ToDictionary(tensor => tensor.Name);
        var readers = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)).CountBy(name => name).ToDictionary();
        var makers = graph.Node.SelectMany(node => node.Output.Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node);

        foreach (var norm in graph.Node.Where(node => node.OpType == "BatchNormalization").ToArray())
        {
            if (makers.TryGetValue(norm.Input[0], out var conv)
                && conv.OpType == "Conv"
                && readers[norm.Input[0]] == 1
                && readers[conv.Input[1]] == 1
                && conv.Input.Skip(1).Concat(norm.Input.Skip(1)).All(name => name.Length == 0 || constants.ContainsKey(name)))
            {
                FoldInto(graph, conv, norm, constants);
            }
        }

        var used = graph.Node.SelectMany(node => node.Input).ToHashSet();
        foreach (var unused in graph.Initializer.Where(tensor => !used.Contains(tensor.Name)).ToArray())
        {
            graph.Initializer.Remove(unused);
        }

        return folded;
    }

    private static void FoldInto(GraphProto graph, NodeProto conv, NodeProto norm, Dictionary<string, TensorProto> constants)
    {
        float[] Values(string name) => OnnxTensor.Floats(constants[name]);
        var weightTensor = constants[conv.Input[1]];
        var weight = Values(conv.Input[1]);
        var channels = (int)weightTensor.Dims[0];
        var before = conv.Input.Count > 2 && conv.Input[2].Length > 0 ? Values(conv.Input[2]) : new float[channels];
        var (scale, shift, mean, variance) = (Values(norm.Input[1]), Values(norm.Input[2]), Values(norm.Input[3]), Values(norm.Input[4]));
        var epsilon = norm.Attribute.FirstOrDefault(attribute => attribute.Name == "epsilon")?.F ?? 1e-5f;

        var bias = new float[channels];
        var taps = weight.Length / channels;
        for (var channel = 0; channel < channels; channel++)
        {
            var a = scale[channel] / Math.Sqrt((double)variance[channel] + epsilon);
            bias[channel] = (float)((a * ((double)before[channel] - mean[channel])) + shift[channel]);
            foreach (ref var w in weight.AsSpan(channel * taps, taps))
            {
                w = (float)(a * w);
            }
        }

        var weightName = $"{conv.Input[1]}.folded";
        var biasName = $"{norm.Input[2]}.folded";
        graph.Initializer.Add(OnnxTensor.Of<float>(weightName, new TensorShape([.. weightTensor.Dims]), DataType.Float, weight));
        graph.Initializer.Add(OnnxTensor.Of<float>(biasName, new TensorShape(channels), DataType.Float, bias));
        var input = conv.Input[0];
        conv.Input.Clear();
        conv.Input.AddRange([input, weightName, biasName]);
        conv.Output[0] = norm.Output[0];
        graph.Node.Remove(norm);
    }
}
