using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Networks;

/// <summary>
/// Our own networks: a <see cref="ConvolutionStack"/>, a layer of features wide enough to be held against a teacher's, and a dense layer on these. Labels
/// are few and artists fewer; what a network hears in all recordings can be learnt from a teacher, and only the last layer needs labels.
/// </summary>
internal static class Proposals
{
    // As many as YAMNet's.
    private const int FeatureCount = 1024;

    // So many inputs move the answers far in one step of Adam, which moves each weight by the whole rate.
    private const double HeadScale = 0.1;

    /// <summary>The best accuracy for its cost: under 60 MFLOP a window.</summary>
    public static Network Efficient { get; } = New("efficient", "ours: four convolutions, 32-64-96-192 channels, and 1024 features; the shipped model's", [32, 64, 96, 192], learningRate: 2e-3);

    /// <summary>The best accuracy there is.</summary>
    public static Network Accurate { get; } = New("accurate", "ours: five convolutions, 48-96-144-288-384 channels, and 1024 features", [48, 96, 144, 288, 384], learningRate: 1e-3);

    private static Network New(string name, string description, long[] channels, double learningRate) => new(name, description, (graph, x, labels, dropout) =>
    {
        var features = graph.MarkFeatures(graph.DenseLayer("features", ConvolutionStack.Features(graph, x, channels), FeatureCount));
        return graph.DenseLayer("head", graph.Dropout(graph.Mul(features, HeadScale), dropout), labels);
    })
    {
        Recipe = new() { Dropout = 0.5, LearningRate = learningRate },
    };
}
