using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Networks;

/// <summary>The architectures by name.</summary>
internal static class NetworkCatalog
{
    /// <summary>Name of the architecture that is trained unless another is asked for.</summary>
    public const string DefaultName = "conv4";

    /// <summary>All architectures, the default first.</summary>
    public static IReadOnlyList<Network> All { get; } =
    [
        new(DefaultName, "four convolutions, 32-64-96-192 channels, mean and maximum over what is left; the default", (graph, x, labels, dropout) =>
            ConvolutionStack.Build(graph, x, [32, 64, 96, 192], labels, dropout)),
        new("conv4-small", "the same with 16-32-48-96 channels: a quarter of the work", (graph, x, labels, dropout) =>
            ConvolutionStack.Build(graph, x, [16, 32, 48, 96], labels, dropout)),
        new("conv4-wide", "the same with 48-96-144-288 channels: twice the work", (graph, x, labels, dropout) =>
            ConvolutionStack.Build(graph, x, [48, 96, 144, 288], labels, dropout)),
        Proposals.Efficient,
        Proposals.Accurate,
        ParallelCnn.Network,
        CnnRnn.Network,
        Crnn.Network,
        Cnn256.Network,
        FmaCnn.Network,
        Slices128.Network,
        MobileNet.Network,
        Multimodal.Network,
    ];

    /// <summary>The architecture of a run, with its backbone where it stands on one.</summary>
    /// <exception cref="TrainingException">There is none of that name, or the backbone can't be read.</exception>
    public static Network Of(TrainingRunOptions options) => Find(options.Network).For(options);

    /// <summary>The architecture of a name.</summary>
    /// <exception cref="TrainingException">There is none; the message lists those there are.</exception>
    public static Network Find(string name) => All.FirstOrDefault(network => network.Name == name)
        ?? throw new TrainingException($"there is no network '{name}'; there are {string.Join(", ", All.Select(network => network.Name))}");
}
