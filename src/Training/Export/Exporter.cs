using Google.Protobuf;
using Onnx;
using StreamGenre.Stages.Contract;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Export;

/// <summary>Writes a trained network as an inference model.</summary>
internal static class Exporter
{
    /// <summary>A model that the server takes as it is: input, output and metadata_props by its contract.</summary>
    /// <param name="forward">The network, as training took it, from [batch, 1, mels, frames] (or frames, mels) to [batch, labels].</param>
    /// <param name="parameters">Trained weights and buffers by name.</param>
    /// <param name="contract">What the model is fed and what it answers.</param>
    /// <exception cref="ArgumentException">The contract has errors, all listed, or the network gives another number of logits than it has labels.</exception>
    public static byte[] Export(
        Func<GraphBuilder, Value, Value> forward, IReadOnlyDictionary<string, ParameterTensor> parameters, ModelContract contract)
    {
        var errors = contract.Errors();
        if (errors.Count > 0)
        {
            throw new ArgumentException($"The model's contract: {string.Join("; ", errors)}.", nameof(contract));
        }

        var itemShape = ItemShape(contract);
        var (_, model) = Build(forward, itemShape, parameters, contract.InputName, contract.OutputName);
        var classes = model.Graph.Output[0].Type.TensorType.Shape.Dim[^1].DimValue;
        if (classes != contract.Labels.Count)
        {
            throw new ArgumentException(
                $"The network gives {classes} logits and the contract has {contract.Labels.Count} labels ({string.Join(", ", contract.Labels)}).", nameof(contract));
        }

        return Export(forward, itemShape, parameters, contract.ToMetadata(), contract.InputName, contract.OutputName);
    }

    /// <summary>A model under another contract.</summary>
    public static byte[] WithContract(byte[] model, ModelContract contract)
    {
        var proto = ModelProto.Parser.ParseFrom(model);
        SetMetadata(proto, contract.ToMetadata());
        return proto.ToByteArray();
    }

    /// <summary>Replaces a model's metadata_props, in the order of their names, so that the same model is the same bytes.</summary>
    public static void SetMetadata(ModelProto model, IReadOnlyDictionary<string, string> metadata)
    {
        model.MetadataProps.Clear();
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }
    }

    /// <summary>Shape of one window as the contract lays it out: [1, mels, frames] or [1, frames, mels].</summary>
    public static TensorShape ItemShape(ModelContract contract) => contract.Layout == WindowLayout.MelMajor
        ? new TensorShape(1, contract.Mel.Rows, contract.PatchFrames)
        : new TensorShape(1, contract.PatchFrames, contract.Mel.Rows);

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
        string outputName = "logits") => Export((graph, x) => [(outputName, forward(graph, x))], itemShape, parameters, metadata, inputName);

    /// <summary>The same of a network with several outputs.</summary>
    /// <param name="forward">The network, which names its outputs.</param>
    /// <param name="itemShape">Shape of one item of the batch: [1, mels, frames].</param>
    /// <param name="parameters">Trained weights and buffers by name.</param>
    /// <param name="metadata">Entries of metadata_props.</param>
    /// <param name="inputName">Name of the model's input.</param>
    public static byte[] Export(
        Func<GraphBuilder, Value, IReadOnlyList<(string Name, Value Value)>> forward,
        TensorShape itemShape,
        IReadOnlyDictionary<string, ParameterTensor> parameters,
        IReadOnlyDictionary<string, string> metadata,
        string inputName)
    {
        var model = BatchNormFolding.Fold(Build(forward, itemShape, parameters, inputName).Model);
        SetMetadata(model, metadata);
        return model.ToByteArray();
    }

    /// <summary>The inference graph before folding.</summary>
    internal static (GraphBuilder Graph, ModelProto Model) Build(
        Func<GraphBuilder, Value, Value> forward,
        TensorShape itemShape,
        IReadOnlyDictionary<string, ParameterTensor>? parameters,
        string inputName,
        string outputName) => Build((graph, x) => [(outputName, forward(graph, x))], itemShape, parameters, inputName);

    private static (GraphBuilder Graph, ModelProto Model) Build(
        Func<GraphBuilder, Value, IReadOnlyList<(string Name, Value Value)>> forward,
        TensorShape itemShape,
        IReadOnlyDictionary<string, ParameterTensor>? parameters,
        string inputName)
    {
        var graph = new GraphBuilder(GraphMode.Inference, values: parameters);
        var x = graph.Input(inputName, new TensorShape([TensorShape.Symbolic, .. itemShape.Dims]));
        return (graph, graph.ToModel(forward(graph, x), embedParameters: true));
    }
}
