using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Tests.Networks;

public class NetworkCatalogTests
{
    public static TheoryData<string> Names => [.. NetworkCatalog.All.Select(network => network.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_AnyNetwork_GivesARowOfLogitsForEachWindow(string name)
    {
        var forward = NetworkCatalog.Find(name).Forward(11, 0.3f);
        var graph = new GraphBuilder(GraphMode.Inference);

        var logits = forward(graph, graph.Input("x", new TensorShape(3, 1, 128, 39)));

        Assert.Equal(new TensorShape(3, 11), logits.Shape);
    }

    [Fact]
    public void Default_OneWindow_KeepsWithinItsBudget()
    {
        var cost = GraphCost.Of(NetworkCatalog.Find(NetworkCatalog.DefaultName).Forward(11, 0), new TensorShape(1, 128, 39));

        // Multiply-adds by hand: 64x39 of 32x25, 32x19 of 64x288, 16x9 of 96x576, 8x4 of 192x864, 384x11.
        Assert.Equal(2L * ((64 * 39 * 32 * 25) + (32 * 19 * 64 * 288) + (16 * 9 * 96 * 576) + (8 * 4 * 192 * 864) + (384 * 11)), cost.Flops);
        Assert.InRange(cost.Flops, 1, 60_000_000);
        Assert.InRange(cost.Parameters, 1, 1_000_000);
    }

    [Fact]
    public void Find_UnknownName_ListsTheKnown()
    {
        var error = Assert.Throws<TrainingException>(() => NetworkCatalog.Find("resnet"));

        Assert.Contains(NetworkCatalog.DefaultName, error.Message, StringComparison.Ordinal);
    }
}
