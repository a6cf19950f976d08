using Google.Protobuf;

using Microsoft.ML.OnnxRuntime;

using Onnx;

using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Export;

/// <summary>What a finished model costs, whoever made it: the file tells its operators, and one run of it every tensor's shape.</summary>
internal static class ModelCost
{
    private static readonly HashSet<string> Counted = ["Conv", "Gemm", "MatMul", "LSTM", "GRU"];

    /// <summary>Counts a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="contract">Its contract.</param>
    /// <returns>
    /// Parameters: numbers in the constants of floats and of 8-bit integers. Operations: of one window with all its patches, two for each multiply-add of convolutions,
    /// recurrences and matrix products; bodies of loops and branches are not looked into.
    /// </returns>
    public static GraphCost Of(string path, ModelContract contract)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        var parameters = model.Graph.Initializer.Where(tensor => tensor.DataType is 1 or 3 or 10 or 11).Sum(tensor => tensor.Dims.Aggregate(1L, (count, length) => count * length));
        var nodes = model.Graph.Node.Where(node => Counted.Contains(node.OpType)).ToList();

        var shapes = Shapes(model, contract, [.. nodes.SelectMany(node => node.Output.Take(1).Concat(node.Input.Take(3))).Where(name => name.Length > 0).Distinct()]);
        return new GraphCost(parameters, contract.PatchCount * 2 * nodes.Sum(node => MultiplyAdds(node, shapes)));
    }

    private static long MultiplyAdds(NodeProto node, Dictionary<string, long[]> shapes)
    {
        long[] Input(int index) => shapes[node.Input[index]];
        long Count(long[] shape) => shape.Aggregate(1L, (count, length) => count * length);
        return node.OpType switch
        {
            "Conv" => Count(shapes[node.Output[0]]) * Count(Input(1)) / Input(1)[0],
            "Gemm" => Count(shapes[node.Output[0]]) * Input(0)[node.Attribute.Any(attribute => attribute.Name == "transA" && attribute.I != 0) ? 0 : 1],
            "MatMul" => Count(shapes[node.Output[0]]) * Input(0)[^1],

            // Per step and item both matrices once.
            _ => Input(0)[0] * Input(0)[1] * (Count(Input(1)) + Count(Input(2))),
        };
    }

    private static Dictionary<string, long[]> Shapes(ModelProto model, ModelContract contract, IReadOnlyList<string> names)
    {
        var shapes = model.Graph.Initializer.ToDictionary(tensor => tensor.Name, tensor => tensor.Dims.ToArray());
        var item = Exporter.ItemShape(contract);
        using var x = OrtValue.CreateTensorValueFromMemory(new float[item.Count], InputShape(model, contract));
        shapes[contract.InputName] = x.GetTensorTypeAndShape().Shape;
        var asked = names.Where(name => !shapes.ContainsKey(name)).ToList();
        if (asked.Count > 0)
        {
            var probe = model.Clone();
            var given = probe.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
            probe.Graph.Output.Add(asked.Where(name => !given.Contains(name)).Select(name => new ValueInfoProto { Name = name }));

            // Unoptimised: nothing is fused away that is asked for.
            using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            using var session = new InferenceSession(probe.ToByteArray(), options);
            using var run = new RunOptions();
            using var values = session.Run(run, [contract.InputName], [x], asked);
            foreach (var (name, value) in asked.Zip(values))
            {
                shapes[name] = value.GetTensorTypeAndShape().Shape;
            }
        }

        return shapes;
    }

    private static long[] InputShape(ModelProto model, ModelContract contract)
    {
        var item = Exporter.ItemShape(contract).Dims.ToArray();
        var declared = model.Graph.Input.First(input => input.Name == contract.InputName).Type.TensorType.Shape.Dim.Count;
        return declared == item.Length + 1 ? [1, .. item] : [1, .. item[1..]];
    }
}
