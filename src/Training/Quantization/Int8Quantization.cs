using Onnx;

using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Quantization;

/// <summary>
/// Convolutions and dense layers in 8 bits: real = scale · (integer − zero) (Jacob et al. 2018, arXiv:1712.05877). Activations are unsigned with one scale a
/// tensor, weights signed with one an output channel, biases 32 bits at the product of both. Written as QuantizeLinear and DequantizeLinear around the float
/// operators, which ONNX Runtime replaces by its integer ones when it loads the model; all other operators stay in floats.
/// </summary>
internal static class Int8Quantization
{
    // ±63 in place of ±127: on processors without VNNI, sums of two products of 8 by 8 bits are held in 16, which full weights would overflow.
    private const int MostWeight = 63;

    // DequantizeLinear with a scale for each channel.
    private const int LeastOpset = 13;

    /// <summary>The model in 8 bits.</summary>
    /// <param name="model">A model in floats.</param>
    /// <param name="measure">Gives the ranges of the tensors that it is asked for; called once.</param>
    /// <exception cref="TrainingException">The model's operators are older than 8-bit ones, or none can be converted.</exception>
    public static ModelProto Quantize(ModelProto model, Func<IReadOnlyList<string>, IReadOnlyDictionary<string, (float Min, float Max)>> measure)
    {
        if (model.OpsetImport.FirstOrDefault(set => set.Domain.Length == 0)?.Version is not >= LeastOpset)
        {
            throw new TrainingException($"the model's operators are older than set {LeastOpset}, which 8 bits need; export it anew");
        }

        var graph = model.Clone().Graph;
        var constants = graph.Initializer.Where(tensor => tensor.DataType == (int)DataType.Float).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var layers = graph.Node.Where(node => IsLayer(node, constants)).ToList();
        if (layers.Count == 0)
        {
            throw new TrainingException("the model has no convolution or dense layer with constant weights: nothing of it can be put into 8 bits");
        }

        var makers = graph.Node.SelectMany(node => node.Output.Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);
        var readers = graph.Node.SelectMany(node => node.Input.Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        var outputs = graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);

        // What is to lie in 8 bits, and the tensor whose range is its own: the maximum of a pool lies in the range of what is pooled.
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        string Own(string name) => owners[name] = makers.TryGetValue(name, out var maker) && maker.OpType == "MaxPool" ? Own(maker.Input[0]) : name;
        foreach (var layer in layers)
        {
            Own(layer.Input[0]);
            var made = layer.Output[0];
            if (layer.OpType == "Conv" && !outputs.Contains(made))
            {
                Own(readers[made].ToList() is [{ OpType: "Relu" or "Clip" } activation] ? activation.Output[0] : made);
            }
        }

        var ranges = measure([.. owners.Values.Distinct(StringComparer.Ordinal)]);
        var scales = owners.ToDictionary(entry => entry.Key, entry => Scale(ranges[entry.Value]), StringComparer.Ordinal);
        return Rewrite(model, scales, constants, [.. layers.Select(layer => layer.Output[0])]);
    }

    private static bool IsLayer(NodeProto node, Dictionary<string, TensorProto> constants)
    {
        bool IsConstant(int index) => node.Input.Count > index && constants.ContainsKey(node.Input[index]);
        bool Has(string name, float value, float standard) => (node.Attribute.FirstOrDefault(a => a.Name == name) is { } found ? found.F : standard) == value;
        long Whole(string name) => node.Attribute.FirstOrDefault(a => a.Name == name)?.I ?? 0;
        return IsConstant(1)
            && (node.Input.Count < 3 || node.Input[2].Length == 0 || IsConstant(2))
            && (node.OpType == "Conv" || (node.OpType == "Gemm" && Whole("transA") == 0 && Whole("transB") == 1 && Has("alpha", 1, 1) && Has("beta", 1, 1)));
    }

    /// <summary>The scale and the integer that stands for zero, such that zero (padding, the rectifier's floor) is exact.</summary>
    private static (float Scale, byte Zero) Scale((float Min, float Max) range)
    {
        var (min, max) = (Math.Min(0, range.Min), Math.Max(0, range.Max));
        var scale = max > min ? (max - min) / byte.MaxValue : 1;
        return (scale, (byte)Math.Clamp((int)Math.Round(-min / scale), 0, byte.MaxValue));
    }

    private static ModelProto Rewrite(
        ModelProto model, Dictionary<string, (float Scale, byte Zero)> scales, Dictionary<string, TensorProto> constants, HashSet<string> layers)
    {
        var quantized = model.Clone();
        var graph = quantized.Graph;
        var nodes = new List<NodeProto>();
        void Add(string operation, string output, long? axis, params string[] inputs)
        {
            var node = new NodeProto { OpType = operation, Name = output };
            node.Input.AddRange(inputs);
            node.Output.Add(output);
            if (axis is { } channel)
            {
                node.Attribute.Add(OnnxAttribute.Of("axis", channel));
            }

            nodes.Add(node);
        }

        void Quantize(string name)
        {
            if (!scales.TryGetValue(name, out var scale))
            {
                return;
            }

            graph.Initializer.Add(OnnxTensor.Of<float>($"{name}.scale", new TensorShape(), DataType.Float, [scale.Scale]));
            graph.Initializer.Add(OnnxTensor.Of<byte>($"{name}.zero", new TensorShape(), DataType.Uint8, [scale.Zero]));
            Add("QuantizeLinear", $"{name}.int8", null, name, $"{name}.scale", $"{name}.zero");
            Add("DequantizeLinear", $"{name}.real", null, $"{name}.int8", $"{name}.scale", $"{name}.zero");
        }

        // A constant of integers and their scales, read back as reals by the layer, whose form the runtime knows.
        void Constant<T>(string name, TensorShape shape, DataType type, ReadOnlySpan<T> integers, ReadOnlySpan<float> steps)
            where T : unmanaged
        {
            var channels = new TensorShape(steps.Length);
            graph.Initializer.Add(OnnxTensor.Of(name, shape, type, integers));
            graph.Initializer.Add(OnnxTensor.Of(name + ".scale", channels, DataType.Float, steps));
            graph.Initializer.Add(OnnxTensor.Of<T>(name + ".zero", channels, type, new T[steps.Length]));
            Add("DequantizeLinear", name + ".real", 0, name, name + ".scale", name + ".zero");
        }

        foreach (var input in graph.Input)
        {
            Quantize(input.Name);
        }

        foreach (var node in graph.Node.Select(node => node.Clone()))
        {
            if (layers.Contains(node.Output[0]))
            {
                var name = node.Output[0];
                var tensor = constants[node.Input[1]];
                var (weights, steps) = Weights(OnnxTensor.Floats(tensor), (int)tensor.Dims[0]);
                Constant<sbyte>($"{name}.weights", new TensorShape([.. tensor.Dims]), DataType.Int8, weights, steps);
                node.Input[1] = $"{name}.weights.real";
                if (node.Input.Count > 2 && node.Input[2].Length > 0)
                {
                    var step = scales[node.Input[0]].Scale;
                    float[] biasSteps = [.. steps.Select(weight => weight * step)];
                    int[] bias = [.. OnnxTensor.Floats(constants[node.Input[2]]).Zip(biasSteps, (value, unit) => (int)Math.Clamp(Math.Round(value / unit), int.MinValue, int.MaxValue))];
                    Constant<int>($"{name}.bias", new TensorShape(bias.Length), DataType.Int32, bias, biasSteps);
                    node.Input[2] = $"{name}.bias.real";
                }
            }

            for (var i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = scales.ContainsKey(node.Input[i]) ? $"{node.Input[i]}.real" : node.Input[i];
            }

            nodes.Add(node);
            foreach (var output in node.Output)
            {
                Quantize(output);
            }
        }

        graph.Node.Clear();
        graph.Node.Add(nodes);
        var used = graph.Node.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        foreach (var unused in graph.Initializer.Where(tensor => !used.Contains(tensor.Name)).ToArray())
        {
            graph.Initializer.Remove(unused);
        }

        return quantized;
    }

    /// <summary>Weights [channels, …] as integers and each channel's step.</summary>
    private static (sbyte[] Integers, float[] Steps) Weights(float[] weights, int channels)
    {
        var taps = weights.Length / channels;
        var integers = new sbyte[weights.Length];
        var steps = new float[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var of = weights.AsSpan(channel * taps, taps);
            var largest = 0f;
            foreach (var weight in of)
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            var step = steps[channel] = largest > 0 ? largest / MostWeight : 1;
            for (var i = 0; i < taps; i++)
            {
                integers[(channel * taps) + i] = (sbyte)Math.Round(of[i] / step);
            }
        }

        return (integers, steps);
    }
}
