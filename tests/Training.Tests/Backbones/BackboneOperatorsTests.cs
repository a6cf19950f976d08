using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Graph;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Tests.Backbones;

/// <summary>Single nodes as other exporters write them: the imported graph gives what ONNX Runtime makes of the file.</summary>
public sealed class BackboneOperatorsTests
{
    private static readonly TensorShape Shape = new(2, 3, 7, 6);

    private static readonly Dictionary<string, (NodeProto[] Nodes, TensorProto[] Initializers, long Opset)> Cases = new()
    {
        ["Conv, SAME_UPPER"] = ([Node("Conv", ["x", "w", "b"], OnnxAttribute.Of("auto_pad", "SAME_UPPER"), OnnxAttribute.Of("strides", [2L, 2]))], [Weight("w", 4, 3, 3, 3), Weight("b", 4)], 17),
        ["Conv, SAME_LOWER"] = ([Node("Conv", ["x", "w"], OnnxAttribute.Of("auto_pad", "SAME_LOWER"), OnnxAttribute.Of("strides", [2L, 1]))], [Weight("w", 4, 3, 2, 3)], 17),
        ["Conv, VALID, dilated, in groups"] = ([Node("Conv", ["x", "w"], OnnxAttribute.Of("auto_pad", "VALID"), OnnxAttribute.Of("group", 3L), OnnxAttribute.Of("dilations", [2L, 2]))], [Weight("w", 6, 1, 3, 2)], 17),
        ["BatchNormalization"] = ([Node("BatchNormalization", ["x", "s", "b", "m", "v"], OnnxAttribute.Of("epsilon", 0.01f))], [Weight("s", 3), Weight("b", 3), Weight("m", 3), Positive("v", 3)], 17),
        ["AveragePool, padding counted"] = ([Node("AveragePool", ["x"], OnnxAttribute.Of("kernel_shape", [3L, 3]), OnnxAttribute.Of("pads", [1L, 1, 1, 1]), OnnxAttribute.Of("count_include_pad", 1L))], [], 17),
        ["AveragePool"] = ([Node("AveragePool", ["x"], OnnxAttribute.Of("kernel_shape", [3L, 3]), OnnxAttribute.Of("pads", [1L, 1, 1, 1]))], [], 17),
        ["MaxPool, ceil"] = ([Node("MaxPool", ["x"], OnnxAttribute.Of("kernel_shape", [2L, 2]), OnnxAttribute.Of("strides", [2L, 2]), OnnxAttribute.Of("ceil_mode", 1L))], [], 17),
        ["GlobalMaxPool"] = ([Node("GlobalMaxPool", ["x"])], [], 17),
        ["ReduceMean, axes given"] = ([Node("ReduceMean", ["x"], OnnxAttribute.Of("axes", [2L, 3]), OnnxAttribute.Of("keepdims", 0L))], [], 17),
        ["ReduceMean, axes as an input"] = ([Node("ReduceMean", ["x", "axes"])], [Integers("axes", 1, -1)], 18),
        ["ReduceMax, axes given"] = ([Node("ReduceMax", ["x"], OnnxAttribute.Of("axes", [1L, 3]))], [], 17),
        ["Clip, bounds given"] = ([Node("Clip", ["x"], OnnxAttribute.Of("min", -0.5f))], [], 10),
        ["Clip, bounds as inputs"] = ([Node("Clip", ["x", "", "top"])], [Scalar("top", 0.25f)], 17),
        ["HardSigmoid"] = ([Node("HardSigmoid", ["x"])], [], 17),
        ["HardSwish"] = ([Node("HardSwish", ["x"])], [], 17),
        ["LeakyRelu"] = ([Node("LeakyRelu", ["x"])], [], 17),
        ["Softmax"] = ([Node("Softmax", ["x"])], [], 17),
        ["Div by a number"] = ([Node("Div", ["x", "c"])], [Scalar("c", 3)], 17),
        ["MatMul and Add"] = ([Node("MatMul", ["x", "w"], output: "h"), Node("Add", ["h", "b"])], [Weight("w", 6, 5), Weight("b", 5)], 17),
        ["Transpose, order left out"] = ([Node("Transpose", ["x"])], [], 17),
        ["Pad"] = ([Node("Pad", ["x", "pads"])], [Integers("pads", 0, 0, 1, 2, 0, 0, 0, 1)], 17),
        ["Concat"] = ([Node("Neg", ["x"], output: "h"), Node("Concat", ["x", "h"], OnnxAttribute.Of("axis", 1L))], [], 17),
        ["Unsqueeze, axes given"] = ([Node("Unsqueeze", ["x"], OnnxAttribute.Of("axes", [1L]))], [], 11),
        ["Squeeze"] = ([Node("GlobalAveragePool", ["x"], output: "h"), Node("Squeeze", ["h", "axes"])], [Integers("axes", 2, 3)], 17),
        ["Flatten, Gemm, Dropout"] = ([Node("Flatten", ["x"], output: "h"), Node("Gemm", ["h", "w"], output: "g"), Node("Dropout", ["g"])], [Weight("w", 126, 5)], 17),
        ["Reshape to a part of the shape"] = (
            [
                Node("Shape", ["x"], output: "shape"), Node("Slice", ["shape", "from", "to"], output: "front"), Node("Concat", ["front", "rest"], OnnxAttribute.Of("axis", 0L), "target"),
                Node("Reshape", ["x", "target"]),
            ],
            [Integers("from", 0), Integers("to", 2), Integers("rest", -1)],
            17),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_Node_GivesWhatTheFileGives(string name)
    {
        var (nodes, initializers, opset) = Cases[name];
        using var folder = new TemporaryFolder();
        var path = folder.In("node.onnx");
        var model = Model(nodes, initializers, opset);
        File.WriteAllBytes(path, model.ToByteArray());
        var x = GoldenValues.Numbers(Shape.Count, 1, 8);
        float[] expected;
        using (var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR })
        using (var session = new InferenceSession(path, options))
        using (var input = OrtValue.CreateTensorValueFromMemory(x, Shape.ToArray()))
        using (var runOptions = new RunOptions())
        using (var results = session.Run(runOptions, ["x"], [input], ["y"]))
        {
            expected = results[0].GetTensorDataAsSpan<float>().ToArray();
        }

        foreach (var mode in new[] { GraphMode.Training, GraphMode.Inference })
        {
            var graph = new GraphBuilder(mode);
            var input = graph.Input("x", Shape.With(0, mode == GraphMode.Training || name.StartsWith("Transpose", StringComparison.Ordinal) ? 2 : TensorShape.Symbolic));
            var y = OnnxBackbone.Load(path).Apply(graph, input, upTo: "y");
            var actual = GraphRun.Of(graph, [y], (input, x))[0];
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], 1e-5);
            }
        }
    }

    [Fact]
    public void Apply_UnknownOperator_ThrowsNamingItAndTheNode()
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("unknown.onnx");
        File.WriteAllBytes(path, Model([Node("Relu", ["x"], output: "h"), Node("Erf", ["h"])], [], 17).ToByteArray());
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", Shape);

        var error = Assert.Throws<TrainingException>(() => OnnxBackbone.Load(path).Apply(graph, x, upTo: "y"));

        Assert.Contains("'Erf'", error.Message, StringComparison.Ordinal);
        Assert.Contains("node 'y'", error.Message, StringComparison.Ordinal);
        Assert.Equal(Shape, OnnxBackbone.Load(path).Apply(graph, x, upTo: "h").Shape);
    }

    [Fact]
    public void Apply_HalfPrecisionWeights_ThrowsNamingThemAndTheRemedy()
    {
        using var folder = new TemporaryFolder();
        var path = folder.In("half.onnx");
        var half = new TensorProto { Name = "w", DataType = (int)DataType.Float16 };
        half.Dims.Add(3);
        File.WriteAllBytes(path, Model([Node("Add", ["x", "w"])], [half], 17).ToByteArray());
        var graph = new GraphBuilder(GraphMode.Training);

        var error = Assert.Throws<TrainingException>(() => OnnxBackbone.Load(path).Apply(graph, graph.Input("x", Shape)));

        Assert.Contains("'w'", error.Message, StringComparison.Ordinal);
        Assert.Contains("convert", error.Message, StringComparison.Ordinal);
    }

    private static ModelProto Model(NodeProto[] nodes, TensorProto[] initializers, long opset)
    {
        var graph = new GraphProto { Name = "case" };
        graph.Node.AddRange(nodes);
        graph.Initializer.AddRange(initializers);
        graph.Input.Add(OnnxTensor.Info("x", Shape, DataType.Float));
        graph.Output.Add(new ValueInfoProto { Name = "y", Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } } });
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        return model;
    }

    private static NodeProto Node(string type, string[] inputs, AttributeProto? attribute = null, AttributeProto? second = null, AttributeProto? third = null) =>
        Node(type, inputs, "y", attribute, second, third);

    private static NodeProto Node(string type, string[] inputs, string output) => Node(type, inputs, output, []);

    private static NodeProto Node(string type, string[] inputs, AttributeProto attribute, string output) => Node(type, inputs, output, [attribute]);

    private static NodeProto Node(string type, string[] inputs, string output, params AttributeProto?[] attributes)
    {
        var node = new NodeProto { OpType = type };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        node.Attribute.AddRange(attributes.OfType<AttributeProto>());
        return node;
    }

    private static TensorProto Weight(string name, params long[] shape) => Tensor(name, shape, value => value);

    private static TensorProto Positive(string name, params long[] shape) => Tensor(name, shape, value => value + 0.6f);

    private static TensorProto Tensor(string name, long[] shape, Func<float, float> change)
    {
        var dims = new TensorShape(shape);
        return OnnxTensor.Of<float>(name, dims, DataType.Float, [.. GoldenValues.Numbers(dims.Count, 7).Select(change)]);
    }

    private static TensorProto Scalar(string name, float value) => OnnxTensor.Of<float>(name, TensorShape.Scalar, DataType.Float, [value]);

    private static TensorProto Integers(string name, params long[] values) => OnnxTensor.Of<long>(name, new TensorShape(values.Length), DataType.Int64, values);
}
