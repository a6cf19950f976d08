using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Inference;

/// <summary>A session with the one input and the one output that its contract names, and their shapes.</summary>
internal sealed class OnnxModel(InferenceSession session, ModelContract contract, int inputRank) : IDisposable
{
    private readonly RunOptions _options = new();
    private readonly string[] _inputNames = [contract.InputName];
    private readonly string[] _outputNames = [contract.OutputName];
    private readonly long[] _patchShape = contract.Layout == WindowLayout.MelMajor
        ? [contract.Mel.Rows, contract.PatchFrames]
        : [contract.PatchFrames, contract.Mel.Rows];

    /// <summary><c>[patches, 1, rows, frames]</c> in the order and with the rank that the model wants.</summary>
    public long[] InputShape(int patches) => inputRank == 3 ? [patches, .. _patchShape] : [patches, 1, .. _patchShape];

    /// <summary><c>[patches, labels]</c>.</summary>
    public long[] OutputShape(int patches) => [patches, contract.Labels.Count];

    /// <summary>
    /// Reads the input tensor and writes the output tensor, wherever they lie, and returns when the output is there. Several threads may call it
    /// at once.
    /// </summary>
    /// <remarks>
    /// Tensors where the model wants them are used as they are. Not an IoBinding: what a model reads elsewhere (an operator that the GPU lacks) an
    /// IoBinding copies once, when it is bound, and every later run would see the first one's input.
    /// </remarks>
    public void Run(OrtValue[] input, OrtValue[] output) => session.Run(_options, _inputNames, input, _outputNames, output);

    public void Dispose()
    {
        session.Dispose();
        _options.Dispose();
    }
}
