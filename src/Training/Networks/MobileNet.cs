using StreamGenre.Stages.Contract;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Data;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Optimizers;
using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Networks;

/// <summary>
/// Transfer learning: a pre-trained network without its last layer, and one dense layer on its features. At first the backbone stays as it is, then it is
/// trained too, at a share of the rate. The front end is YAMNet's, a MobileNet (Howard et al. 2017) that has heard AudioSet; a backbone that takes pictures
/// of another size or of three channels is fed the same picture brought to that form. What <c>adapt</c> makes of YAMNet takes windows of the default front end.
/// </summary>
internal static class MobileNet
{
    private const int ColourChannels = 3;

    private static readonly int Mels = YamnetFrontEnd.Mel.MelBins;

    /// <summary>What <see cref="TrainingRunOptions.Init"/> lacks.</summary>
    public const string NeedsBackbone = "mobilenet stands on a pre-trained network; name its file with --init FILE.onnx (YAMNet, or any ONNX model of pictures)";

    /// <summary>The catalogue's entry.</summary>
    public static Network Network { get; } = new("mobilenet", "a pre-trained MobileNet (--init), frozen, then fine-tuned", (_, _, _, _) => throw new TrainingException(NeedsBackbone))
    {
        Recipe = Recipes.Plain with
        {
            FrontEnd = new FrontEnd
            {
                Mel = YamnetFrontEnd.Mel,
                PatchFrames = YamnetFrontEnd.Frames,
                PatchHopFrames = YamnetFrontEnd.Frames / 2,
                FloorBelowMax = null,
                Normalization = WindowNormalization.None,
            },
            Optimizer = OptimizerKind.Adam,
            LearningRate = 1e-3,
            Dropout = 0.3,
            Epochs = 20,
            FrozenEpochs = 10,
            FineTuningShare = 0.1,
            EpochWindows = 5 * Recipes.Songs,
        },
        OnBackbone = On,
        BackboneFrontEnd = file => OnnxBackbone.Load(file).Normalization is { } normalization ? new FrontEnd { Normalization = normalization } : null,
    };

    private static Network On(TrainingRunOptions options)
    {
        var backbone = OnnxBackbone.Load(options.Init ?? throw new TrainingException(NeedsBackbone));
        var unfreezeFrom = options.FrozenEpochs < options.Epochs ? options.UnfreezeFrom ?? backbone.Layers[0] : null;
        return Network with
        {
            Build = (graph, x, labels, dropout) =>
            {
                var features = backbone.Apply(graph, Fit(graph, x, backbone.InputShape), unfreezeFrom: unfreezeFrom);
                return graph.DenseLayer("head", graph.Dropout(Rows(graph, features), dropout), labels);
            },
        };
    }

    /// <summary>The picture as the backbone takes it: [batch, frames, mels] of YAMNet's size, or [batch, (channels,) height, width] of any other.</summary>
    private static Value Fit(GraphBuilder graph, Value x, TensorShape input)
    {
        var (height, width) = input.Rank >= 3 ? (input[^2], input[^1]) : (TensorShape.Symbolic, TensorShape.Symbolic);
        if ((height, width) == (YamnetFrontEnd.Frames, Mels))
        {
            x = graph.Transpose(graph.ResizeBilinear(YamnetBands(graph, x), Mels, YamnetFrontEnd.Frames), 0, 1, 3, 2);
        }
        else if (height != TensorShape.Symbolic && width != TensorShape.Symbolic)
        {
            x = graph.ResizeBilinear(x, height, width);
        }

        return input.Rank == 3 ? graph.Squeeze(x, 1)
            : input.Rank == 4 && input[1] == ColourChannels ? graph.Concat(1, x, x, x)
            : x;
    }

    /// <summary>
    /// Stored mels of the default front end at YAMNet's band centres, by linear interpolation over frequency. They come standardised, which on music is
    /// within 0.2 of the mean and deviation of YAMNet's own logarithms, so their scale is left alone.
    /// </summary>
    private static Value YamnetBands(GraphBuilder graph, Value x)
    {
        if (x.Shape[2] == Mels)
        {
            return x;
        }

        var stored = MelBands.CentersHz(new MelOptions { MelBins = (int)x.Shape[2] });
        var wanted = MelBands.CentersHz(YamnetFrontEnd.Mel);
        var matrix = new float[Mels * stored.Length];
        for (var band = 0; band < Mels; band++)
        {
            var above = Math.Max(1, Array.FindIndex(stored, centre => centre >= wanted[band]));
            var share = (wanted[band] - stored[above - 1]) / (stored[above] - stored[above - 1]);
            matrix[(band * stored.Length) + above - 1] = (float)(1 - share);
            matrix[(band * stored.Length) + above] = (float)share;
        }

        return graph.MatMul(graph.Constant(new TensorShape(Mels, stored.Length), matrix), x);
    }

    /// <summary>Features as rows: maps that were not yet pooled are, by their mean.</summary>
    private static Value Rows(GraphBuilder graph, Value features) => features.Rank switch
    {
        2 => features,
        4 => graph.Flatten(graph.GlobalAveragePool(features)),
        _ => graph.Flatten(features),
    };
}
