using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Networks;

namespace StreamGenre.Training.Tests.Networks;

/// <summary>A small network in a file, with YAMNet's input and names of its own: what mobilenet stands on in tests.</summary>
internal static class TestBackbone
{
    private static readonly Lazy<string> Written = new(() =>
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("streamgenre-backbone-").FullName, "backbone.onnx");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        var item = new TensorShape(96, 64);
        File.WriteAllBytes(path, Exporter.Export(Forward, item, DrawnWeights.Of(Forward, item, seed: 9), new Dictionary<string, string>(), "log_mel", "scores"));
        return path;
    });

    /// <summary>The file for a network that stands on a backbone, null for one that doesn't.</summary>
    public static string? For(string network) => NetworkCatalog.Find(network).OnBackbone is null ? null : Written.Value;

    private static Value Forward(GraphBuilder graph, Value x)
    {
        x = graph.ConvLayer("first", graph.Unsqueeze(x, 1), 4, Window2D.Square(3, stride: 2, pad: 1), bias: true);
        x = graph.ConvLayer("second", graph.Relu(x), 8, Window2D.Square(3, stride: 2, pad: 1), bias: true);
        return graph.DenseLayer("classes", graph.Flatten(graph.GlobalAveragePool(graph.Relu(x))), 5);
    }
}
