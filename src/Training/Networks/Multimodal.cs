using StreamGenre.Stages.Contract;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Networks;

/// <summary>
/// Two views of the same audio, fused late: convolutions over the mel spectrogram, others over the energies of a wavelet packet, each ending in an embedding of its own
/// (mean and maximum, a dense layer, ReLU); the two embeddings side by side go through dropout into one dense layer. Early fusion, one stack over
/// all rows, would slide its kernels over the seam between two unlike frequency axes.
/// </summary>
internal static class Multimodal
{
    private const int Embedding = 96;

    /// <summary>
    /// The catalogue's entry: conv4's training on a front end with 48 wavelet bands (db4: eight an octave over five octaves, and eight of 43 Hz below them).
    /// It needs audio; an npz of mels has no wavelet bands.
    /// </summary>
    public static Network Network { get; } = Of(new FrontEnd { Mel = new MelOptions { Wavelet = new WaveletOptions() } });

    private static Network Of(FrontEnd frontEnd)
    {
        var wavelet = frontEnd.Mel.Wavelet
            ?? throw new TrainingException("the network multimodal hears wavelet bands, and its front end has none; ask for them with --wavelet");
        return new Network(
            "multimodal",
            "branches over mels and over wavelet bands, fused late; needs audio",
            (graph, x, labels, dropout) => Build(graph, x, frontEnd.Mel.MelBins, wavelet.Bands, labels, dropout))
        {
            Recipe = new TrainingRunOptions { FrontEnd = frontEnd },
            OnFrontEnd = Of,
        };
    }

    private static Value Build(GraphBuilder graph, Value x, int mels, int bands, int labels, float dropout)
    {
        var views = graph.Split(x, 2, mels, bands);
        var both = graph.Concat(1, Embed(graph, views[0], "mel.", [32, 64, 96, 128]), Embed(graph, views[1], "wavelet.", [24, 48, 96]));
        return graph.DenseLayer("head", graph.Dropout(both, dropout), labels);
    }

    private static Value Embed(GraphBuilder graph, Value x, string prefix, IReadOnlyList<long> channels) =>
        graph.Relu(graph.DenseLayer($"{prefix}embedding", ConvolutionStack.Features(graph, x, channels, prefix), Embedding));
}
