using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using StreamGenre.Training.Export;

namespace StreamGenre.Training.Tests.Graph;

/// <summary>The restated wire format against a model that PyTorch wrote (Golden/make_foreign_model.py).</summary>
public sealed class OnnxFormatTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    private static byte[] Foreign => File.ReadAllBytes(Path.Combine(Folder, "foreign_model.onnx"));

    [Fact]
    public void Parse_ForeignModel_WritesBackTheSameBytes() => Assert.Equal(Foreign, ModelProto.Parser.ParseFrom(Foreign).ToByteArray());

    [Fact]
    public void Parse_ForeignModel_ReadsEveryPart()
    {
        var model = ModelProto.Parser.ParseFrom(Foreign);

        Assert.Equal("pytorch", model.ProducerName);
        Assert.Equal(16, Assert.Single(model.OpsetImport).Version);
        var convolution = model.Graph.Node.First(node => node.OpType == "Conv");
        Assert.Equal([3L, 3L], convolution.Attribute.Single(attribute => attribute.Name == "kernel_shape").Ints);
        Assert.Equal([3L, 1L, 3L, 3L], model.Graph.Initializer.Single(tensor => tensor.Name == convolution.Input[1]).Dims);
        var input = Assert.Single(model.Graph.Input, input => input.Name == "x").Type.TensorType;
        Assert.Equal(TensorProto.Types.DataType.Float, (TensorProto.Types.DataType)input.ElemType);
        Assert.Equal("batch", input.Shape.Dim[0].DimParam);
        Assert.Equal(8, input.Shape.Dim[2].DimValue);
    }

    [Fact]
    public void Fold_ForeignModel_StillGivesPyTorchsOutput()
    {
        var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "foreign_model.json"))).RootElement;
        float[] Values(string name) => [.. golden.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
        var folded = BatchNormFolding.Fold(ModelProto.Parser.ParseFrom(Foreign));
        Assert.DoesNotContain(folded.Graph.Node, node => node.OpType == "BatchNormalization");

        using var session = new InferenceSession(folded.ToByteArray());
        using var input = OrtValue.CreateTensorValueFromMemory(Values("x"), [2L, 1, 8, 6]);
        using var runOptions = new RunOptions();
        using var results = session.Run(runOptions, ["x"], [input], ["y"]);

        var actual = results[0].GetTensorDataAsSpan<float>();
        var expected = Values("y");
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5);
        }
    }
}
