using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace StreamGenre.Stages.Inference;

/// <summary>
/// A batch for a device: windows are gathered in page-locked memory, copied over, run and their scores copied back. Every batch has memory and tensors of
/// its own, so that one can be copied while another runs. All buckets' tensors look at the same memory, which is that of the largest.
/// </summary>
internal sealed class DeviceTensors : BatchTensors
{
    private readonly DeviceMemory _memory;
    private readonly DeviceTraffic _traffic;
    private readonly int _maxWindows;
    private readonly int _patches;
    private readonly int _windowValues;
    private readonly int _windowScores;
    private readonly TensorMemory _gathered;
    private readonly TensorMemory _input;
    private readonly TensorMemory _output;
    private readonly TensorMemory _scores;
    private readonly Bucket?[] _buckets;

    public DeviceTensors(OnnxModel model, MelBatch batch, DeviceMemory memory, DeviceTraffic traffic)
        : base(model)
    {
        _memory = memory;
        _traffic = traffic;
        _maxWindows = batch.MaxWindows;
        _patches = batch.PatchesPerWindow;
        _windowValues = _patches * batch.PatchCells;
        _windowScores = _patches * batch.Labels;
        _buckets = new Bucket?[_maxWindows + 1];

        // Where one of them fails the others go with the garbage collection: they are safe handles.
        _gathered = new TensorMemory(memory.PageLocked, checked(_maxWindows * _windowValues));
        _scores = new TensorMemory(memory.PageLocked, _maxWindows * _windowScores);
        _input = new TensorMemory(memory.OnDevice, _maxWindows * _windowValues);
        _output = new TensorMemory(memory.OnDevice, _maxWindows * _windowScores);
    }

    public override Span<float> Input => _gathered.Span;

    public override ReadOnlySpan<float> Run(int windows)
    {
        var size = BatchBuckets.For(windows, _maxWindows);
        var bucket = _buckets[size] ??= MakeBucket(size);

        // Rows do not see each other in most models; in those where they do (int8 that scales by the whole batch), zeros at least are always the same.
        Input[(windows * _windowValues)..(size * _windowValues)].Clear();
        var begin = Stopwatch.GetTimestamp();
        _memory.Copy(bucket.Gathered, bucket.Input[0]);
        var copied = Stopwatch.GetTimestamp();
        Model.Run(bucket.Input, bucket.Output);
        var ran = Stopwatch.GetTimestamp();
        _memory.Copy(bucket.Output[0], bucket.Scores);
        _traffic.Add((long)size * (_windowValues + _windowScores) * sizeof(float), copied - begin + Stopwatch.GetTimestamp() - ran, ran - copied);
        return _scores.Span[..(windows * _windowScores)];
    }

    public override void Dispose()
    {
        foreach (var bucket in _buckets)
        {
            bucket?.Dispose();
        }

        _gathered.Dispose();
        _scores.Dispose();
        _input.Dispose();
        _output.Dispose();
    }

    private Bucket MakeBucket(int windows)
    {
        var (input, output) = (Model.InputShape(windows * _patches), Model.OutputShape(windows * _patches));
        return new Bucket(_gathered.Tensor(input), [_input.Tensor(input)], [_output.Tensor(output)], _scores.Tensor(output));
    }

    /// <summary>The tensors of one number of windows.</summary>
    private sealed record Bucket(OrtValue Gathered, OrtValue[] Input, OrtValue[] Output, OrtValue Scores) : IDisposable
    {
        public void Dispose()
        {
            Gathered.Dispose();
            Input[0].Dispose();
            Output[0].Dispose();
            Scores.Dispose();
        }
    }
}
