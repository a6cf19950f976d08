using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests.Graph;

public sealed class GraphBuilderTests
{
    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 4, 1, 5 }, new long[] { 3, 1 }, new long[] { 4, 3, 5 })]
    [InlineData(new long[] { }, new long[] { 2 }, new long[] { 2 })]
    [InlineData(new long[] { -1, 3 }, new long[] { 1, 3 }, new long[] { -1, 3 })]
    public void Broadcast_FittingShapes_FollowsNumpy(long[] a, long[] b, long[] expected) =>
        Assert.Equal(new TensorShape(expected), TensorShape.Broadcast(new TensorShape(a), new TensorShape(b)));

    [Fact]
    public void Broadcast_ShapesThatDontFit_ThrowsNamingBoth()
    {
        var error = Assert.Throws<ArgumentException>(() => TensorShape.Broadcast(new TensorShape(2, 3), new TensorShape(2, 4)));

        Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 4]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Count_SymbolicSize_ThrowsNamingTheRemedy()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new TensorShape(TensorShape.Symbolic, 3).Count);

        Assert.Contains("fixed batch size", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameter_SameName_Throws()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        graph.Parameter("w", new TensorShape(2), Initializers.Zeros);

        Assert.Throws<ArgumentException>(() => graph.Parameter("w", new TensorShape(2), Initializers.Zeros));
    }

    [Fact]
    public void Parameter_GivenValuesLackIt_ThrowsByName()
    {
        var graph = new GraphBuilder(GraphMode.Inference, values: new Dictionary<string, ParameterTensor>());

        var error = Assert.Throws<ArgumentException>(() => graph.Parameter("head.weight", new TensorShape(2), Initializers.Zeros));

        Assert.Contains("head.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameter_SameSeedAndName_StartsTheSameWhateverWasBuiltBefore()
    {
        float[] Start(int seed, bool other)
        {
            var graph = new GraphBuilder(GraphMode.Training, seed);
            if (other)
            {
                graph.Parameter("other", new TensorShape(7), Initializers.Normal(1));
            }

            graph.Parameter("w", new TensorShape(50), Initializers.Normal(1));
            return graph.Parameters[^1].Initial;
        }

        Assert.Equal(Start(1, other: false), Start(1, other: true));
        Assert.NotEqual(Start(1, other: false), Start(2, other: false));
    }

    [Fact]
    public void He_ManyValues_HaveTheVarianceOfTheFormula()
    {
        var values = new float[100_000];
        Initializers.He(50)(values, new Random(1));

        Assert.Equal(0, values.Average(), 0.005);
        Assert.Equal(2.0 / 50, values.Average(value => (double)value * value), 0.001);
    }

    [Fact]
    public void Conv_ChannelsDontFit_ThrowsNamingTheShapes()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(1, 3, 8, 8));
        var w = graph.Input("w", new TensorShape(4, 2, 3, 3));

        var error = Assert.Throws<ArgumentException>(() => graph.Conv(x, w, bias: null, Window2D.Square(3)));

        Assert.Contains("[4, 2, 3, 3]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchNormalization_OneValueAChannel_Throws()
    {
        var graph = new GraphBuilder(GraphMode.Training);

        Assert.Throws<ArgumentException>(() => graph.BatchNormLayer("bn", graph.Input("x", new TensorShape(1, 3, 1, 1))));
    }

    [Fact]
    public void ToModel_NodesThatNoOutputNeeds_AreLeftOut()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(3));
        graph.Exp(x);

        var model = graph.ToModel([("y", graph.Relu(x))], embedParameters: true);

        Assert.Equal("Relu", Assert.Single(model.Graph.Node).OpType);
    }

    [Fact]
    public void ToModel_OutputsThatAreInputsOrAskedForTwice_AreAllGivenOut()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", new TensorShape(2));
        var y = graph.Neg(x);
        var model = graph.ToModel([("a", y), ("b", y), ("c", x)], embedParameters: true);

        using var session = new InferenceSession(model.ToByteArray());
        using var input = OrtValue.CreateTensorValueFromMemory([1f, -2f], [2L]);
        using var runOptions = new RunOptions();
        using var results = session.Run(runOptions, ["x"], [input], ["a", "b", "c"]);

        Assert.Equal([-1f, 2f], results[0].GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal([-1f, 2f], results[1].GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal([1f, -2f], results[2].GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void MaxPool_OfRelu_IsWrittenAsReluOfThePoolWithTheSameGradient()
    {
        var window = Window2D.Square(2, stride: 2);
        float[] Gradient(bool swapped)
        {
            var graph = new GraphBuilder(GraphMode.Training);
            var x = graph.Input("x", new TensorShape(2, 3, 7, 6));
            var h = graph.Relu(x);
            if (!swapped)
            {
                // Anything between the two keeps them apart.
                h = graph.Identity(h);
            }

            var y = graph.MaxPool(h, window);
            Assert.Equal(swapped ? "Relu" : "MaxPool", graph.Operations[^1].Type);
            var loss = graph.ReduceSum(graph.Mul(y, y), keepDims: false);
            var model = graph.ToModel([("g", Training.Gradients.Backward.Of(graph, loss, [x])[0])], embedParameters: true);
            var random = new Random(5);
            var values = Enumerable.Range(0, 2 * 3 * 7 * 6).Select(_ => (float)(random.NextDouble() - 0.7)).ToArray();
            using var session = new InferenceSession(model.ToByteArray());
            using var input = OrtValue.CreateTensorValueFromMemory(values, [2L, 3, 7, 6]);
            using var runOptions = new RunOptions();
            using var results = session.Run(runOptions, ["x"], [input], ["g"]);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        }

        var gradient = Gradient(swapped: true);
        Assert.Equal(Gradient(swapped: false), gradient);
        Assert.Contains(gradient, value => value > 0);
    }

    [Fact]
    public void SoftmaxCrossEntropy_KnownRows_IsTheFormula()
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var logits = graph.Input("logits", new TensorShape(2, 3));
        var targets = graph.Input("targets", new TensorShape(2, 3));
        var model = graph.ToModel([("loss", graph.SoftmaxCrossEntropy(logits, targets))], embedParameters: true);
        float[] z = [1, 2, 3, 0, 0, 0];
        float[] t = [0, 0, 1, 0.5f, 0.25f, 0.25f];

        using var session = new InferenceSession(model.ToByteArray());
        using var zValue = OrtValue.CreateTensorValueFromMemory(z, [2L, 3]);
        using var tValue = OrtValue.CreateTensorValueFromMemory(t, [2L, 3]);
        using var runOptions = new RunOptions();
        using var results = session.Run(runOptions, ["logits", "targets"], [zValue, tValue], ["loss"]);

        var first = Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3)) - 3;
        Assert.Equal((first + Math.Log(3)) / 2, results[0].GetTensorDataAsSpan<float>()[0], 1e-6);
    }
}
