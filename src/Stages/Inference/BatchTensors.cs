using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Inference;

/// <summary>
/// ONNX Runtime's view of one batch: tensors over the batch's pinned input and over an output buffer of its own, one pair for each number of
/// windows that has come up, so that a run allocates no tensor.
/// </summary>
internal sealed class BatchTensors : IDisposable
{
    private readonly OnnxGenreClassifier _owner;
    private readonly MelBatch _batch;
    private readonly long[] _inputShape;
    private readonly float[] _output;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly OrtValue[]?[] _inputs;
    private readonly OrtValue[]?[] _outputs;

    public BatchTensors(OnnxGenreClassifier owner, ModelContract contract, MelBatch batch, int inputRank)
    {
        _owner = owner;
        _batch = batch;
        var (rows, columns) = contract.Layout == WindowLayout.MelMajor
            ? (contract.Mel.Rows, contract.PatchFrames)
            : (contract.PatchFrames, contract.Mel.Rows);
        _inputShape = inputRank == 3 ? [0, rows, columns] : [0, 1, rows, columns];
        _output = GC.AllocateArray<float>(batch.MaxWindows * batch.PatchesPerWindow * batch.Labels, pinned: true);
        _inputNames = [contract.InputName];
        _outputNames = [contract.OutputName];
        _inputs = new OrtValue[]?[batch.MaxWindows + 1];
        _outputs = new OrtValue[]?[batch.MaxWindows + 1];
    }

    /// <summary>Whether <paramref name="classifier"/> made it.</summary>
    public bool BelongsTo(OnnxGenreClassifier classifier) => ReferenceEquals(_owner, classifier);

    /// <summary>Runs the model on the first <paramref name="windows"/> windows; its output <c>[windows × patches, labels]</c>.</summary>
    public ReadOnlySpan<float> Run(InferenceSession session, RunOptions options, int windows)
    {
        var patches = windows * _batch.PatchesPerWindow;
        var inputs = _inputs[windows] ??= [OrtValue.CreateTensorValueFromMemory(_batch.Input, [patches, .. _inputShape[1..]])];
        var outputs = _outputs[windows] ??= [OrtValue.CreateTensorValueFromMemory(_output, [patches, _batch.Labels])];

        // Not an IoBinding: it copies to a GPU when bound, so it would have to be bound anew for every run.
        session.Run(options, _inputNames, inputs, _outputNames, outputs);
        return _output.AsSpan(0, patches * _batch.Labels);
    }

    public void Dispose()
    {
        foreach (var values in _inputs.Concat(_outputs))
        {
            values?[0].Dispose();
        }
    }
}
