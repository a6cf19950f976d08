using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using StreamGenre.Training.Gradients;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests.Gradients;

/// <summary>Where several values are the maximum any parting of the gradient that sums to it is a subgradient.</summary>
public sealed class TiesTests
{
    [Fact]
    public void MaxPool_EqualValuesUnderTiles_ShareTheGradient() => Assert.Equal(
        [0.25f, 0.25f, 0, 1, 0.25f, 0.25f, 0, 0, 0, 0.5f, 0, 0, 0, 0.5f, 0, 1],
        GradientOfSum(new TensorShape(1, 1, 4, 4), [0, 0, 1, 2, 0, 0, 1, 1, 3, 4, 1, 1, 3, 4, 1, 2], (g, x) => g.MaxPool(x, Window2D.Square(2, stride: 2))));

    [Fact]
    public void MaxPool_EqualValuesUnderPaddedWindows_GivesTheGradientToTheFirst() => Assert.Equal(
        [1f, 1, 0, 1, 1, 0, 0, 0, 0],
        GradientOfSum(new TensorShape(1, 1, 3, 3), new float[9], (g, x) => g.MaxPool(x, Window2D.Square(2, stride: 2, pad: 1))));

    [Fact]
    public void MaxPool_CellsThatNoWindowReaches_GetNothing() => Assert.Equal(
        [0f, 0, 0, 0, 1, 0, 0, 0, 0],
        GradientOfSum(new TensorShape(1, 1, 3, 3), [1, 2, 9, 3, 4, 9, 9, 9, 9], (g, x) => g.MaxPool(x, Window2D.Square(2, stride: 2))));

    [Fact]
    public void MaxPool_OverlappingWindows_AddUp() => Assert.Equal(
        [0f, 0, 0, 0, 4, 0, 0, 0, 0],
        GradientOfSum(new TensorShape(1, 1, 3, 3), [1, 2, 3, 4, 9, 5, 6, 7, 8], (g, x) => g.MaxPool(x, Window2D.Square(2))));

    [Fact]
    public void GlobalMaxPool_EqualValues_ShareTheGradient() => Assert.Equal(
        [0f, 0.5f, 0.5f, 0],
        GradientOfSum(new TensorShape(1, 1, 2, 2), [1, 3, 3, 2], (g, x) => g.GlobalMaxPool(x)));

    [Fact]
    public void Relu_AtTheKink_HasTheGradientZero() =>
        Assert.Equal([0f, 0, 1], GradientOfSum(new TensorShape(3), [-1, 0, 1], (g, x) => g.Relu(x)));

    private static float[] GradientOfSum(TensorShape shape, float[] values, Func<GraphBuilder, Value, Value> function)
    {
        var graph = new GraphBuilder(GraphMode.Training);
        var x = graph.Input("x", shape);
        var loss = graph.ReduceSum(function(graph, x), keepDims: false);
        var model = graph.ToModel([("g", Backward.Of(graph, loss, [x])[0])], embedParameters: true);
        using var session = new InferenceSession(model.ToByteArray());
        using var input = OrtValue.CreateTensorValueFromMemory(values, shape.ToArray());
        using var runOptions = new RunOptions();
        using var results = session.Run(runOptions, ["x"], [input], ["g"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
