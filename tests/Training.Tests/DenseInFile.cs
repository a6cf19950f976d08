using Onnx;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Tests;

/// <summary>A dense layer as an ONNX file holds it, worked out by hand.</summary>
internal sealed class DenseInFile
{
    private readonly float[] _weights;
    private readonly float[] _bias;

    /// <summary>Reads the layer's weights [outputs, features] and bias.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="name">The layer's, before <c>.weight</c> and <c>.bias</c>.</param>
    public DenseInFile(string path, string name)
    {
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph;
        float[] Values(string tensorName) => OnnxTensor.Floats(graph.Initializer.Single(tensor => tensor.Name == tensorName));
        (_weights, _bias) = (Values($"{name}.weight"), Values($"{name}.bias"));
    }

    /// <summary>What the layer gives for the features of one item.</summary>
    public float[] Of(IReadOnlyList<float> features) =>
        [.. _bias.Select((bias, output) => bias + features.Select((value, i) => value * _weights[(output * features.Count) + i]).Sum())];
}
