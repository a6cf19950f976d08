using StreamGenre.Training.Backbones;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Adapters;

/// <summary>
/// Lets a pre-trained network hear windows of another front end than its own: a small convolutional network guesses its pictures from our windows, which
/// know less (a frame every 77 ms where YAMNet takes one every 10 ms). Smooth guesses are unlike any sound, so the adapter gives each cell a mean and a
/// deviation, and the picture is the mean plus that much of a fixed noise: texture where texture was.
/// </summary>
/// <remarks>Its windows aren't standardised: how deep the valleys are says much of a sound. They are dB, whatever they are relative to.</remarks>
/// <param name="backbone">The pre-trained network.</param>
/// <param name="grid">Where its frames lie among ours.</param>
/// <param name="channels">Width of the adapter.</param>
internal sealed class FrontEndAdapter(OnnxBackbone backbone, AdapterGrid grid, int channels)
{
    /// <summary>Name of the weights that say how much texture a cell has.</summary>
    public const string DeviationName = "adapter.deviation.weight";

    // Any; another draw does as well.
    private const int NoiseSeed = 20;

    // The ripple that 25 ms frames of steady music have, in nepers, is about 0.7.
    private const double StartLogDeviation = -0.3;

    // Windows reach 80 dB under their maximum; what the adapter is fed lies within -2..2.
    private const double MiddleDecibels = 40;
    private const double HalfRangeDecibels = 20;

    // Levels under the features that are compared.
    private const int Taps = 5;

    private static readonly long Bands = YamnetFrontEnd.Mel.MelBins;

    private static readonly long[] BlockDilations = [1, 4, 2];

    /// <summary>Values of each level of <see cref="Levels"/>, in its order.</summary>
    public IReadOnlyList<long> LevelSizes { get; } = SizesOf(backbone, grid);

    /// <summary>From windows [batch, 1, mels, frames] in dB to the backbone's features, their mean over the window's pictures: [batch, features].</summary>
    public Value Forward(GraphBuilder graph, Value x) => Forward(graph, x, [backbone.Features])[0];

    /// <summary>From windows to tensors of the backbone, each the mean over the window's pictures.</summary>
    public IReadOnlyList<Value> Forward(GraphBuilder graph, Value x, IReadOnlyList<string> upTo) =>
        [.. backbone.Apply(graph, OneByOne(graph, Pictures(graph, x).Sounding), upTo).Select(value =>
            graph.ReduceMean(graph.Reshape(value, new TensorShape(TensorShape.Symbolic, grid.Pictures, value.Shape[1])), [1], keepDims: false))];

    /// <summary>The guessed pictures, [batch, bands, 1, <see cref="AdapterGrid.Frames"/>]: without texture, and as they would sound.</summary>
    public (Value Mean, Value Sounding) Pictures(GraphBuilder graph, Value x)
    {
        var (mels, frames) = (x.Shape[2], x.Shape[3]);
        var underMaximum = graph.Mul(graph.Add(graph.Sub(x, graph.ReduceMax(x, [1, 2, 3])), MiddleDecibels), 1 / HalfRangeDecibels);
        var interpolated = graph.MatMul(underMaximum, graph.Constant(new TensorShape(frames, grid.Frames), grid.Interpolation()));
        var bands = graph.Reshape(interpolated, new TensorShape(x.Shape[0], mels, 1, grid.Frames));
        var h = graph.ConvLayer("adapter.in", bands, channels, Along(5));

        // Where in the window a frame lies says how far it is from a frame that was heard.
        h = graph.Add(h, graph.Parameter("adapter.position", new TensorShape(1, channels, 1, grid.Frames), Initializers.Zeros, decays: false));
        for (var i = 0; i < BlockDilations.Length; i++)
        {
            var block = graph.ConvLayer($"adapter.conv{i + 1}", graph.Relu(h), channels, Along(5, BlockDilations[i]));
            h = graph.Add(h, graph.BatchNormLayer($"adapter.norm{i + 1}", block));
        }

        h = graph.Relu(h);
        var mean = graph.Add(Mix(graph, "adapter.skip", bands), Mix(graph, "adapter.mean", h));
        var logDeviation = graph.Conv(h, graph.Parameter(DeviationName, new TensorShape(Bands, channels, 1, 1), Initializers.Zeros), bias: null, Along(1));
        var noise = graph.Mul(graph.Exp(graph.Clip(graph.Add(logDeviation, StartLogDeviation), -4, 1)), graph.Constant(new TensorShape(1, Bands, 1, grid.Frames), Noise()));
        return (mean, graph.Clip(graph.Add(mean, noise), Math.Log(YamnetFrontEnd.Mel.LogOffset), 20));
    }

    /// <summary>
    /// What the backbone makes of each picture on several levels, flattened one behind the other, [batch · pictures, values]: rectified maps, their mean
    /// over time, and the features last (perceptual loss, Johnson et al. 2016, arXiv:1603.08155).
    /// </summary>
    /// <param name="graph">Takes the backbone.</param>
    /// <param name="pictures">[batch, bands, 1, frames].</param>
    /// <param name="trainable">Whether training moves the backbone.</param>
    public Value PictureLevels(GraphBuilder graph, Value pictures, bool trainable) => Levels(graph, OneByOne(graph, pictures), trainable);

    /// <summary>The same of the backbone's own input, [pictures, frames, bands].</summary>
    public Value Levels(GraphBuilder graph, Value pictures, bool trainable) => graph.Concat(1, LevelsOf(backbone, graph, pictures, trainable));

    /// <summary>Classes that the backbone scores; 0 where it ends in no dense layer.</summary>
    public static long ClassCount(OnnxBackbone backbone, AdapterGrid grid)
    {
        var graph = new GraphBuilder(GraphMode.Inference);
        return backbone.Scores is { } scores ? backbone.Apply(graph, graph.Input("pictures", new TensorShape(1, grid.PictureFrames, Bands)), scores).Shape[1] : 0;
    }

    private static List<Value> LevelsOf(OnnxBackbone backbone, GraphBuilder graph, Value pictures, bool trainable)
    {
        var activations = backbone.Activations;
        var taps = Enumerable.Range(1, Taps).Select(i => activations[((i * activations.Count) - 1) / (Taps + 1)]).Distinct().Append(backbone.Features).ToList();
        return backbone.Apply(graph, pictures, taps, trainable ? backbone.Layers[0] : null)
            .Select(level => level.Rank == 4 ? graph.Flatten(graph.ReduceMean(level, [2], keepDims: false)) : level)
            .ToList();
    }

    private static List<long> SizesOf(OnnxBackbone backbone, AdapterGrid grid)
    {
        var graph = new GraphBuilder(GraphMode.Inference);
        return LevelsOf(backbone, graph, graph.Input("pictures", new TensorShape(1, grid.PictureFrames, Bands)), trainable: false).ConvertAll(level => level.Shape[1]);
    }

    private Value OneByOne(GraphBuilder graph, Value pictures)
    {
        var byFrame = graph.Transpose(graph.Squeeze(pictures, 2), 0, 2, 1);
        var batch = pictures.Shape[0] == TensorShape.Symbolic ? TensorShape.Symbolic : pictures.Shape[0] * grid.Pictures;
        return graph.Reshape(byFrame, new TensorShape(batch, grid.PictureFrames, Bands));
    }

    private static Value Mix(GraphBuilder graph, string name, Value x) => graph.Conv(
        x,
        graph.Parameter($"{name}.weight", new TensorShape(Bands, x.Shape[1], 1, 1), Initializers.FanIn(x.Shape[1])),
        graph.Parameter($"{name}.bias", new TensorShape(Bands), Initializers.Zeros),
        Along(1));

    private static Window2D Along(long kernel, long dilation = 1) => new()
    {
        Kernel = [1, kernel],
        Dilations = [1, dilation],
        Pads = [0, kernel / 2 * dilation, 0, kernel / 2 * dilation],
    };

    private float[] Noise()
    {
        var noise = new float[Bands * grid.Frames];
        Initializers.Normal(1)(noise, new Random(NoiseSeed));
        return noise;
    }
}
