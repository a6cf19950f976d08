using Microsoft.ML.OnnxRuntime;

namespace StreamGenre.Stages.Inference;

/// <summary>
/// A batch for the CPU: tensors over the batch's own pinned input and over an output buffer, one pair for each number of windows that has come up.
/// Nothing is copied and nothing is padded.
/// </summary>
internal sealed class HostTensors : BatchTensors
{
    private readonly float[] _input;
    private readonly float[] _output;
    private readonly int _patches;
    private readonly int _labels;
    private readonly (OrtValue[] Input, OrtValue[] Output)?[] _tensors;

    public HostTensors(OnnxModel model, MelBatch batch)
        : base(model)
    {
        _input = batch.OwnInput;
        _patches = batch.PatchesPerWindow;
        _labels = batch.Labels;
        _output = GC.AllocateArray<float>(batch.MaxWindows * _patches * _labels, pinned: true);
        _tensors = new (OrtValue[], OrtValue[])?[batch.MaxWindows + 1];
    }

    public override Span<float> Input => _input;

    public override ReadOnlySpan<float> Run(int windows)
    {
        var patches = windows * _patches;
        var (input, output) = _tensors[windows] ??= (
            [OrtValue.CreateTensorValueFromMemory(_input, Model.InputShape(patches))], [OrtValue.CreateTensorValueFromMemory(_output, Model.OutputShape(patches))]);
        Model.Run(input, output);
        return _output.AsSpan(0, patches * _labels);
    }

    public override void Dispose()
    {
        foreach (var pair in _tensors)
        {
            pair?.Input[0].Dispose();
            pair?.Output[0].Dispose();
        }
    }
}
