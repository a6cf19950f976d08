using Google.Protobuf;
using Onnx;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Training.Data;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Quantization;

namespace StreamGenre.Training.Tests.Quantization;

public sealed class ModelPrecisionTests
{
    private static readonly ModelContract Contract = new() { Name = "small", Version = "1.2.3", Labels = ["a", "b", "c"] };
    private static readonly byte[] Original = Export();

    [Theory]
    [InlineData("int8", 0.1)]
    [InlineData("fp16", 0.005)]
    public void Convert_SmallNetwork_AnswersAlmostAsBeforeAndIsServed(string precision, double tolerance)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, ModelPrecision.Convert(Original, Contract, precision, Music(seed: 1)));

        using var classifier = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = path, Device = InferenceDevice.Cpu });
        Assert.Equal($"1.2.3+{precision}", classifier.Contract.Version);
        Assert.Equal(Contract.ToMetadata().Where(entry => entry.Key != "version"), classifier.Contract.ToMetadata().Where(entry => entry.Key != "version"));

        var x = Windows(5, seed: 2);
        var (expected, actual) = (Logits(Original, x), Logits(File.ReadAllBytes(path), x));
        var spread = expected.Max() - expected.Min();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance * spread);
        }
    }

    [Fact]
    public void Convert_Int8_WeightsAreWithinSevenBitsAndNoFloatWeightIsLeft()
    {
        var model = ModelProto.Parser.ParseFrom(ModelPrecision.Convert(Original, Contract, "int8", Music(seed: 1)));
        var weights = model.Graph.Initializer.Where(tensor => tensor.Name.EndsWith(".weights", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, weights.Count);
        Assert.All(weights, tensor => Assert.All(tensor.RawData.ToByteArray(), value => Assert.InRange((sbyte)value, -63, 63)));
        Assert.DoesNotContain(model.Graph.Initializer, tensor => tensor.DataType == 1 && tensor.Dims.Count > 1);
    }

    [Fact]
    public void Convert_Int8_PooledValuesKeepTheScaleOfWhatIsPooled()
    {
        var model = ModelProto.Parser.ParseFrom(ModelPrecision.Convert(Original, Contract, "int8", Music(seed: 1)));
        var pool = model.Graph.Node.Single(node => node.OpType == "MaxPool");
        float Scale(string tensor) => OnnxTensor.Floats(model.Graph.Initializer.Single(constant => constant.Name == tensor + ".scale"))[0];
        Assert.Equal(Scale(pool.Input[0][..^".real".Length]), Scale(pool.Output[0]));
    }

    [Fact]
    public void Convert_NothingToConvert_SaysSo()
    {
        var bare = ModelProto.Parser.ParseFrom(Exporter.Export((g, x) => g.Flatten(g.GlobalAveragePool(x)), Exporter.ItemShape(Contract), new Dictionary<string, ParameterTensor>(), Contract.ToMetadata()));
        var error = Assert.Throws<TrainingException>(() => ModelPrecision.Convert(bare.ToByteArray(), Contract, "int8", Music(seed: 1)));
        Assert.Contains("no convolution or dense layer", error.Message, StringComparison.Ordinal);

        var old = ModelProto.Parser.ParseFrom(Original);
        old.OpsetImport[0].Version = 12;
        error = Assert.Throws<TrainingException>(() => ModelPrecision.Convert(old.ToByteArray(), Contract, "int8", Music(seed: 1)));
        Assert.Contains("set 13", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_NoMusic_SaysThatThereIsNothingToCalibrateBy()
    {
        var error = Assert.Throws<TrainingException>(() => ModelPrecision.Convert(Original, Contract, "int8", new MelSet(["a"], [])));
        Assert.Contains("calibrate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_OneOddBatchInManyHundreds_DoesNotStretchTheRange()
    {
        var clips = Enumerable.Range(0, 200).Select(i => Clip(i, loudness: i == 7 ? 1000 : 1)).ToList();
        var ranges = ActivationRanges.Measure(
            ModelProto.Parser.ParseFrom(Original), Contract with { Normalization = WindowNormalization.None, FloorBelowMax = null }, new MelSet(["a"], clips), ["mel"]);
        Assert.InRange(ranges["mel"].Max, 14, 15);
    }

    private static byte[] Export()
    {
        Func<GraphBuilder, Value, Value> forward = static (g, x) =>
        {
            var first = g.MaxPool(g.Relu(g.BatchNormLayer("bn1", g.ConvLayer("conv1", x, 8, Window2D.Square(3)))), Window2D.Square(2, stride: 2));
            var second = g.Relu(g.ConvLayer("conv2", first, 8, Window2D.Square(3)));
            return g.DenseLayer("dense", g.Flatten(g.GlobalAveragePool(second)), 3);
        };
        var graph = new GraphBuilder(GraphMode.Training, seed: 5);
        forward(graph, graph.Input("x", new TensorShape([2, .. Exporter.ItemShape(Contract).Dims])));
        var parameters = graph.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => new ParameterTensor(parameter.Name, parameter.Value.Shape, parameter.Initial));
        return Exporter.Export(forward, parameters, Contract);
    }

    private static float[] Logits(byte[] model, float[] x)
    {
        using var session = new BatchSession(model, threads: 1);
        return session.Run(Contract.InputName, Exporter.ItemShape(Contract), x, Contract.OutputName);
    }

    private static MelSet Music(int seed) => new(["a"], [.. Enumerable.Range(seed, 8).Select(i => Clip(i, loudness: 1))]);

    private static MelClip Clip(int seed, double loudness)
    {
        var random = new Random(seed);
        var (mels, frames) = (Contract.Mel.MelBins, Contract.WindowFrames + 20);
        return new MelClip($"clip{seed}", 0, "artist", mels, frames, [.. Enumerable.Range(0, mels * frames).Select(_ => (float)(30 * loudness * (random.NextDouble() - 0.5)))]);
    }

    private static float[] Windows(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * (int)Exporter.ItemShape(Contract).Count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }
}
