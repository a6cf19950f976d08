using Google.Protobuf;
using Onnx;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Export;

/// <summary>Writes a trained network as an inference model.</summary>
internal static class Exporter
{
    /// <summary>
    /// The network in its inference form with its weights as constants, batch normalisation folded into the convolutions before it and the contract
    /// in metadata_props. The batch is symbolic ("N").
    /// </summary>
    /// <param name="forward">The network, as training took it.</param>
    /// <param name="itemShape">Shape of one item of the batch: [1, mels, frames].</param>
    /// <param name="parameters">Trained weights and buffers by name.</param>
    /// <param name="metadata">Entries of metadata_props: the model's contract.</param>
    /// <param name="inputName">Name of the model's input.</param>
    /// <param name="outputName">Name of the model's output.</param>
    public static byte[] Export(
        Func<GraphBuilder, Value, Value> forward,
        TensorShape itemShape,
        IReadOnlyDictionary<string, ParameterTensor> parameters,
        IReadOnlyDictionary<string, string> metadata,
        string inputName = "mel",
        string outputName = "logits")
    {
        var model = BatchNormFolding.Fold(Build(forward, itemShape, parameters, inputName, outputName).Model);
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model.ToByteArray();
    }

    /// <summary>The inference graph before folding.</summary>
    internal static (GraphBuilder Graph, ModelProto Model) Build(
        Func<GraphBuilder, Value, Value> forward,
        TensorShape itemShape,
        IReadOnlyDictionary<string, ParameterTensor>? parameters,
        string inputName,
        string outputName)
    {
        var graph = new GraphBuilder(GraphMode.Inference, values: parameters);
        var x = graph.Input(inputName, new TensorShape([TensorShape.Symbolic, .. itemShape.Dims]));
        return (graph, graph.ToModel([(outputName, forward(graph, x))], embedParameters: true));
    }
}
