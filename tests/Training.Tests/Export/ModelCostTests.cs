using StreamGenre.Training.Export;
using StreamGenre.Training.Metrics;
using StreamGenre.Training.Networks;
using StreamGenre.Training.Tests.Runs;

namespace StreamGenre.Training.Tests.Export;

public class ModelCostTests
{
    [Fact]
    public void Of_ExportedModel_IsTheNetworksCost()
    {
        using var folder = new TemporaryFolder();
        var result = SmallRun.Run(folder.In("run"), SmallRun.Options with { Epochs = 1 }, SmallRun.Data(), SmallRun.Never);
        using var model = new ModelFile(result.ModelPath);
        var network = GraphCost.Of(NetworkCatalog.Find("conv4-small").Forward(2, 0), Exporter.ItemShape(model.Contract));

        var cost = ModelCost.Of(result.ModelPath, model.Contract);

        Assert.Equal(network.Flops, cost.Flops);

        // Batch normalisation is folded: a bias a channel in place of scale and shift.
        Assert.InRange(cost.Parameters, 0.98 * network.Parameters, network.Parameters);
    }
}
