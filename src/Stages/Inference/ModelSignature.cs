using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Inference;

/// <summary>Compares a model's inputs and outputs with what its contract says of them.</summary>
internal static class ModelSignature
{
    /// <summary>The rank of the input, 3 or 4.</summary>
    /// <exception cref="ModelContractException">With every mismatch.</exception>
    public static int Check(InferenceSession session, ModelContract contract)
    {
        var errors = new List<string>();
        var patch = contract.Layout == WindowLayout.MelMajor
            ? new[] { contract.Mel.Rows, contract.PatchFrames }
            : [contract.PatchFrames, contract.Mel.Rows];
        var rows = contract.Mel.Wavelet is null ? "mels" : "mels + wavelet bands";
        var axes = contract.Layout == WindowLayout.MelMajor ? $"{rows}, frames" : $"frames, {rows}";
        var rank = 0;

        if (Find(session.InputMetadata, "input", contract.InputName, errors) is { } input)
        {
            rank = input.Dimensions.Length;
            int[] wanted = rank == 3 ? [-1, .. patch] : [-1, 1, .. patch];
            CompareShape($"input '{contract.InputName}'", input.Dimensions, wanted, $"[batch, 1, {axes}] or [batch, {axes}]", errors);
        }

        foreach (var other in session.InputMetadata.Keys.Where(name => name != contract.InputName))
        {
            errors.Add($"the model also wants input '{other}', which the contract does not name; export it with one input");
        }

        if (Find(session.OutputMetadata, "output", contract.OutputName, errors) is { } output)
        {
            CompareShape($"output '{contract.OutputName}'", output.Dimensions, [-1, contract.Labels.Count], "[batch, labels]", errors);
        }

        return errors.Count == 0 ? rank : throw new ModelContractException(errors);
    }

    private static NodeMetadata? Find(IReadOnlyDictionary<string, NodeMetadata> nodes, string kind, string name, List<string> errors)
    {
        if (!nodes.TryGetValue(name, out var node))
        {
            errors.Add($"{kind}_name is '{name}', but the model's {kind}s are {string.Join(", ", nodes.Keys.Select(k => $"'{k}'"))}");
            return null;
        }

        if (node.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR)
        {
            errors.Add($"{kind} '{name}' is a {node.OnnxValueType}; it must be a tensor");
            return null;
        }

        if (node.ElementDataType != TensorElementType.Float)
        {
            errors.Add($"{kind} '{name}' holds {node.ElementDataType}; it must hold Float (32-bit)");
        }

        return node;
    }

    /// <summary>A wanted −1 is the batch and must be free; a free axis of the model takes any size.</summary>
    private static void CompareShape(string what, int[] actual, int[] wanted, string meaning, List<string> errors)
    {
        var fits = actual.Length == wanted.Length;
        for (var axis = 0; fits && axis < wanted.Length; axis++)
        {
            fits = wanted[axis] < 0 ? actual[axis] < 0 : actual[axis] < 0 || actual[axis] == wanted[axis];
        }

        if (!fits)
        {
            errors.Add($"{what} has shape {Text(actual)}; the contract says {Text(wanted)}, {meaning}, with a free batch axis N");
        }
    }

    private static string Text(int[] shape) => "[" + string.Join(", ", shape.Select((d, axis) => d >= 0 ? d.ToString() : axis == 0 ? "N" : "?")) + "]";
}
