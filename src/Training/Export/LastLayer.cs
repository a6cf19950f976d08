using System.Numerics.Tensors;
using System.Runtime.InteropServices;

using Google.Protobuf;
using Onnx;

using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;
using StreamGenre.Training.Distillation;
using StreamGenre.Training.Graph;
using StreamGenre.Training.Metrics;
using DataType = Onnx.TensorProto.Types.DataType;

namespace StreamGenre.Training.Export;

/// <summary>Changes the last dense layer of a finished model, a Gemm with weights [labels, features].</summary>
internal sealed class LastLayer
{
    // Of the guide's scores over the clips, as logits. This and the penalty were chosen by GTZAN's two sides (docs/experiments.md).
    private const double GuideDeviation = 2;

    // The features are a thousand, and neighbouring windows much alike, but hardly any penalty does; with thirty times as much two clips of 639 fewer are right.
    private const double GuidePenalty = 0.001;

    private readonly ModelProto _model;
    private readonly NodeProto _layer;
    private readonly TensorProto _weights;
    private readonly TensorProto _bias;

    private LastLayer(byte[] model, ModelContract contract)
    {
        _model = ModelProto.Parser.ParseFrom(model);
        var layer = _model.Graph.Node.SingleOrDefault(node => node.Output.Contains(contract.OutputName));
        TensorProto? Input(int index) => _model.Graph.Initializer.SingleOrDefault(tensor => layer?.Input.Count == 3 && tensor.Name == layer.Input[index]);
        if (layer is not { OpType: "Gemm" } || Input(1) is not { } weights || Input(2) is not { } bias || !layer.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 }))
        {
            throw new TrainingException($"the model ends in {layer?.OpType ?? "nothing known"}; only a dense layer with weights and a bias can be changed");
        }

        (_layer, _weights, _bias) = (layer, weights, bias);
    }

    /// <summary>
    /// Fits it anew. What a network has learnt to hear serves for more than its own last layer, which saw each clip hundreds of times; a logistic regression on
    /// the clips' mean features, held short, errs otherwise (last-layer retraining, Kirichenko et al. 2023, arXiv:2204.02937). The two layers' logits are
    /// added, which on the same features is one layer.
    /// </summary>
    /// <param name="model">An ONNX model.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="clips">What to learn from.</param>
    /// <param name="guide">
    /// Who knows the labels' genres already, from far more recordings than these, where there is somebody. A ridge regression finds in the network's features what
    /// the guide says of each window; the fit begins there, standardised over the clips, in place of the old last layer, and the penalty is on what it adds.
    /// </param>
    /// <param name="penalty">See <see cref="LogisticRegression.Fit"/>.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <returns>The model with the fitted layer added to its last one, or, with a guide, in place of it.</returns>
    /// <exception cref="TrainingException">The model doesn't end in a dense layer, or a label has no clip.</exception>
    public static byte[] Refit(byte[] model, ModelContract contract, MelSet clips, FeatureTeacher? guide, double penalty, int threads)
    {
        var last = new LastLayer(model, contract);
        var scored = last.Hear(contract, clips, threads);
        double[][] rows = [.. scored.Clips.Select(MeanOf)];
        var start = guide is null
            ? (new double[last._weights.Dims[0] * last._weights.Dims[1]], new double[last._bias.Dims[0]])
            : Guided(scored, ScoredSet.Score(clips, guide.Contract, guide.Scores), rows);
        var (fitted, shift) = LogisticRegression.Fit(
            rows, [.. scored.Clips.Select(clip => clip.Label)], [.. scored.Clips.Select(clip => clip.Clip.Group)], start, penalty);
        Action<TensorProto, double[]> write = guide is null ? Add : Set;
        write(last._weights, fitted);
        write(last._bias, shift);
        return last._model.ToByteArray();
    }

    /// <summary>
    /// Multiplies the odds of labels: what is trained on labels drawn evenly hears too little of those that will come more often than that
    /// (post-hoc logit adjustment, Menon et al. 2021, arXiv:2007.07314).
    /// </summary>
    /// <param name="model">An ONNX model.</param>
    /// <param name="contract">Its contract; the odds are those after its temperature.</param>
    /// <param name="odds">What each label's odds are multiplied by, above 0; labels not named keep theirs.</param>
    /// <exception cref="TrainingException">The model doesn't end in a dense layer.</exception>
    public static byte[] MultiplyOdds(byte[] model, ModelContract contract, IReadOnlyDictionary<string, double> odds)
    {
        var last = new LastLayer(model, contract);
        Add(last._bias, [.. contract.Labels.Select(label => contract.Temperature * Math.Log(odds.GetValueOrDefault(label, 1)))]);
        return last._model.ToByteArray();
    }

    private ScoredSet Hear(ModelContract contract, MelSet clips, int threads)
    {
        var trunk = _model.Clone();
        var features = _layer.Input[0];
        trunk.Graph.Output.Clear();
        trunk.Graph.Output.Add(OnnxTensor.Info(features, new TensorShape(TensorShape.Symbolic, _weights.Dims[1]), DataType.Float));
        using var session = new BatchSession(trunk.ToByteArray(), threads);
        var item = Exporter.ItemShape(contract);
        return ScoredSet.Score(clips, contract, windows => session.Run(contract.InputName, item, windows, features));
    }

    /// <summary>A layer on the features that says what the guide says, with mean 0 and the guide's deviation over the clips.</summary>
    private static (double[] Weights, double[] Bias) Guided(ScoredSet features, ScoredSet guide, double[][] rows)
    {
        var size = rows[0].Length;
        var (weights, bias) = RidgeRegression.Fit(
            [.. features.Clips.SelectMany(clip => clip.Logits)], size, [.. guide.Clips.SelectMany(clip => clip.Logits)], GuidePenalty);
        for (var label = 0; label < bias.Length; label++)
        {
            var scores = Array.ConvertAll(rows, row => TensorPrimitives.Dot(weights.AsSpan(label * size, size), row));
            var mean = scores.Average();
            var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));

            // A label that the guide doesn't know has the same score everywhere.
            var scale = deviation > 0 ? GuideDeviation / deviation : 0;
            TensorPrimitives.Multiply(weights.AsSpan(label * size, size), scale, weights.AsSpan(label * size, size));
            bias[label] = -mean * scale;
        }

        return (weights, bias);
    }

    private static double[] MeanOf(ClipLogits clip)
    {
        var rows = clip.Windows * clip.Patches;
        var mean = new double[clip.Logits.Length / rows];
        for (var i = 0; i < clip.Logits.Length; i++)
        {
            mean[i % mean.Length] += clip.Logits[i] / (double)rows;
        }

        return mean;
    }

    private static void Add(TensorProto tensor, double[] values) => Set(tensor, [.. OnnxTensor.Floats(tensor).Zip(values, (old, value) => old + value)]);

    private static void Set(TensorProto tensor, double[] values)
    {
        tensor.FloatData.Clear();
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, value => (float)value)));
    }
}
