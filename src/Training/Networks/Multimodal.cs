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

    /// <summary>48 bands of a db4 packet: eight an octave over five octaves, and eight of 43 Hz below them.</summary>
    private static readonly WaveletOptions Wavelet = new();

    /// <summary>The catalogue's entry: conv4's training on a front end with wavelet bands. It needs audio; an npz of mels has no wavelet bands.</summary>
    public static Network Network { get; } = new("multimodal", "branches over mels and over wavelet bands, fused late; needs audio", Build)
    {
        Recipe = new TrainingRunOptions { FrontEnd = new FrontEnd { Mel = new MelOptions { Wavelet = Wavelet } } },
    };

    /// <summary>Builds the network.</summary>
    /// <param name="graph">Takes the layers.</param>
    /// <param name="x">[batch, 1, mel bins + wavelet bands, frames].</param>
    /// <param name="labels">Genres.</param>
    /// <param name="dropout">Before the last layer.</param>
    public static Value Build(GraphBuilder graph, Value x, int labels, float dropout)
    {
        var mels = x.Shape[2] - Wavelet.Bands;
        if (mels < 1)
        {
            throw new TrainingException($"the network takes mel bands and behind them {Wavelet.Bands} wavelet bands; the front end has {x.Shape[2]} rows in all");
        }

        var views = graph.Split(x, 2, mels, Wavelet.Bands);
        var both = graph.Concat(1, Embed(graph, views[0], "mel.", [32, 64, 96, 128]), Embed(graph, views[1], "wavelet.", [24, 48, 96]));
        return graph.DenseLayer("head", graph.Dropout(both, dropout), labels);
    }

    private static Value Embed(GraphBuilder graph, Value x, string prefix, IReadOnlyList<long> channels) =>
        graph.Relu(graph.DenseLayer($"{prefix}embedding", ConvolutionStack.Features(graph, x, channels, prefix), Embedding));
}
