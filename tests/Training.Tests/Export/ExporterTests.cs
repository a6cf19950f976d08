using Microsoft.ML.OnnxRuntime;
using Onnx;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Inference;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Tests.Optimizers;

namespace StreamGenre.Training.Tests.Export;

public sealed class ExporterTests
{
    private static readonly TensorShape ItemShape = SmallNetwork.ItemShape;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(33)]
    public void Export_TrainedNetwork_RunsOnAnyBatchAndMatchesTheUnfoldedForm(int batch)
    {
        var parameters = Trained();
        var x = Randoms(batch * (int)ItemShape.Count, seed: 4);
        using var forward = new ForwardSession(SmallNetwork.Forward, ItemShape, parameters);
        var expected = forward.Run(x);

        var exported = Exporter.Export(SmallNetwork.Forward, ItemShape, parameters, new Dictionary<string, string>());
        using var session = new InferenceSession(exported);
        using var input = OrtValue.CreateTensorValueFromMemory(x, [batch, .. ItemShape.Dims]);
        using var runOptions = new RunOptions();
        using var results = session.Run(runOptions, ["mel"], [input], ["logits"]);

        Assert.Equal([batch, 3L], results[0].GetTensorTypeAndShape().Shape);
        var actual = results[0].GetTensorDataAsSpan<float>();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-5);
        }
    }

    [Fact]
    public void Export_WithContract_IsAModelThatTheServerLoads()
    {
        var contract = new ModelContract { Name = "small", Version = "0.0.1", Labels = ["a", "b", "c"] };
        Func<GraphBuilder, Value, Value> forward = SmallNetwork.Forward;
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(path, Exporter.Export(forward, Start(forward), contract));
            using var classifier = OnnxGenreClassifier.Load(new OnnxClassifierOptions { ModelPath = path });

            Assert.Equal(contract.ToMetadata(), classifier.Contract.ToMetadata());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Export_LabelsAndLogitsDiffer_ThrowsNamingBoth()
    {
        var contract = new ModelContract { Name = "small", Version = "0.0.1", Labels = ["a", "b"] };

        var error = Assert.Throws<ArgumentException>(() => Exporter.Export(SmallNetwork.Forward, Start(SmallNetwork.Forward), contract));

        Assert.Contains("3 logits", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 labels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_Normalisation_IsFoldedAwayAndOthersStay()
    {
        static Value Forward(GraphBuilder g, Value x)
        {
            var folded = g.Relu(g.BatchNormLayer("bn1", g.ConvLayer("conv1", x, 2, Window2D.Square(3))));
            var afterRelu = g.BatchNormLayer("bn2", folded);

            // A convolution that something else reads too must stay as it is.
            var shared = g.ConvLayer("conv2", afterRelu, 2, Window2D.Square(1));
            return g.Flatten(g.GlobalAveragePool(g.Add(g.BatchNormLayer("bn3", shared), shared)));
        }

        var model = ModelProto.Parser.ParseFrom(Exporter.Export(Forward, ItemShape, Start(Forward), new Dictionary<string, string>()));

        Assert.Equal(2, model.Graph.Node.Count(node => node.OpType == "BatchNormalization"));
        Assert.DoesNotContain(model.Graph.Initializer, tensor => tensor.Name.StartsWith("bn1.running", StringComparison.Ordinal));
    }

    [Fact]
    public void Export_Metadata_StandsInTheModel()
    {
        var metadata = new Dictionary<string, string> { ["streamgenre.labels"] = "a,b,c", ["streamgenre.name"] = "test" };

        using var session = new InferenceSession(Exporter.Export(SmallNetwork.Forward, ItemShape, Start(SmallNetwork.Forward), metadata));

        Assert.Equal(metadata.OrderBy(entry => entry.Key), session.ModelMetadata.CustomMetadataMap.OrderBy(entry => entry.Key));
    }

    [Fact]
    public void Forward_TrainingAndInferenceForms_AgreeWhenRunningStatisticsAreTheBatchs()
    {
        // With the learning rate 0 the weights stay, and the running statistics go to those of the one batch that is shown over and over; only the
        // variance's unbiased form, n/(n − 1), is left between the two.
        const int Batch = 16;
        var x = Randoms(Batch * (int)ItemShape.Count, seed: 8);
        var targets = Enumerable.Repeat(1f / 3, Batch * 3).ToArray();
        using var session = TrainingSession.Create(
            SmallNetwork.Forward, new TensorShape([Batch, .. ItemShape.Dims]), 3, new Sgd { Momentum = 0 }, new TrainingOptions { Seed = 2 });
        for (var i = 0; i < 200; i++)
        {
            session.Step(x, targets, 0);
        }

        using var forward = new ForwardSession(SmallNetwork.Forward, ItemShape, session.Parameters());
        var actual = forward.Run(x);

        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(session.Logits[i], actual[i], 2e-3);
        }
    }

    [Fact]
    public void Cost_SmallNetwork_IsWhatCountingByHandGives()
    {
        var cost = GraphCost.Of(SmallNetwork.Forward, ItemShape);

        // conv1 4·1·9, bn1 4 + 4, conv2 6·2·9 + 6, fc 3·6 + 3
        Assert.Equal(36 + 8 + 108 + 6 + 18 + 3, cost.Parameters);

        // conv1 on 9 × 8 places, conv2 (stride 2) on 2 × 2 of the pooled 4 × 4, fc
        Assert.Equal(2 * ((36 * 72) + (108 * 4) + 18), cost.Flops);
    }

    private static Dictionary<string, ParameterTensor> Start(Func<GraphBuilder, Value, Value> forward)
    {
        var graph = new GraphBuilder(GraphMode.Training, seed: 6);
        forward(graph, graph.Input("x", new TensorShape([2, .. ItemShape.Dims])));
        return graph.Parameters.ToDictionary(
            parameter => parameter.Name, parameter => new ParameterTensor(parameter.Name, parameter.Value.Shape, parameter.Initial));
    }

    /// <summary>A few steps, so that running statistics and norms are no longer 0 and 1.</summary>
    private static IReadOnlyDictionary<string, ParameterTensor> Trained()
    {
        const int Batch = 8;
        using var session = TrainingSession.Create(
            SmallNetwork.Forward, new TensorShape([Batch, .. ItemShape.Dims]), 3, new Adam(), new TrainingOptions { Seed = 1 });
        for (var step = 0; step < 20; step++)
        {
            var targets = new float[Batch * 3];
            for (var item = 0; item < Batch; item++)
            {
                targets[(item * 3) + ((item + step) % 3)] = 1;
            }

            session.Step(Randoms(Batch * (int)ItemShape.Count, step), targets, 0.02f);
        }

        return session.Parameters();
    }

    private static float[] Randoms(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }
}
