using Google.Protobuf.Collections;

using Onnx;

using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Quantization;

/// <summary>
/// A model that computes in 16-bit floats between an input and outputs of 32 bits: half the file, and half the traffic where the processor computes in
/// them (GPUs). ONNX Runtime's CPU kernels do not: there it casts back and forth and is slower.
/// </summary>
internal static class HalfPrecision
{
    // The least number above zero, for what is not zero: the offset under a logarithm, for one.
    private static readonly Half Least = Half.Epsilon;

    /// <summary>The model in 16 bits.</summary>
    public static ModelProto Convert(ModelProto model)
    {
        var half = model.Clone();
        var graph = half.Graph;

        // The factors of Resize are 32 bits by its definition.
        var kept = graph.Node.Where(node => node.OpType == "Resize").SelectMany(node => node.Input.Skip(1)).ToHashSet(StringComparer.Ordinal);
        foreach (var tensor in graph.Initializer.Where(tensor => tensor.DataType == (int)DataType.Float && !kept.Contains(tensor.Name)).ToArray())
        {
            graph.Initializer.Remove(tensor);
            graph.Initializer.Add(Halved(tensor));
        }

        foreach (var attribute in graph.Node.SelectMany(node => node.Attribute.Where(a => IsTensor(node, a.Name) && a.T.DataType == (int)DataType.Float)))
        {
            attribute.T = Halved(attribute.T);
        }

        foreach (var cast in graph.Node.Where(node => node.OpType == "Cast").SelectMany(node => node.Attribute).Where(a => a.Name == "to" && a.I == (long)DataType.Float))
        {
            cast.I = (long)DataType.Float16;
        }

        foreach (var input in graph.Input.Select(input => input.Name).ToList())
        {
            foreach (var node in graph.Node)
            {
                Rename(node.Input, input, $"{input}.half");
            }

            graph.Node.Insert(0, Cast(input, $"{input}.half", DataType.Float16));
        }

        foreach (var output in graph.Output.Select(output => output.Name).ToList())
        {
            foreach (var node in graph.Node)
            {
                Rename(node.Output, output, $"{output}.half");
                Rename(node.Input, output, $"{output}.half");
            }

            graph.Node.Add(Cast($"{output}.half", output, DataType.Float));
        }

        graph.ValueInfo.Clear();
        return half;
    }

    private static bool IsTensor(NodeProto node, string attribute) => node.OpType is "Constant" or "ConstantOfShape" && attribute == "value";

    private static TensorProto Halved(TensorProto tensor) => OnnxTensor.Of<Half>(
        tensor.Name, new TensorShape([.. tensor.Dims]), DataType.Float16, [.. OnnxTensor.Floats(tensor).Select(ToHalf)]);

    private static Half ToHalf(float value)
    {
        var half = (Half)Math.Clamp(value, (float)Half.MinValue, (float)Half.MaxValue);
        return half == (Half)0 && value != 0 ? Half.CopySign(Least, (Half)Math.Sign(value)) : half;
    }

    private static void Rename(RepeatedField<string> names, string from, string to)
    {
        for (var i = 0; i < names.Count; i++)
        {
            names[i] = names[i] == from ? to : names[i];
        }
    }

    private static NodeProto Cast(string from, string to, DataType type)
    {
        var node = new NodeProto { OpType = "Cast", Name = to };
        node.Input.Add(from);
        node.Output.Add(to);
        node.Attribute.Add(OnnxAttribute.Of("to", (long)type));
        return node;
    }
}
