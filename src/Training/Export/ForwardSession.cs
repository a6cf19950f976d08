using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Export;

/// <summary>Runs a network's inference form, as between epochs for validation.</summary>
internal sealed class ForwardSession : IDisposable
{
    private const string InputName = "x";
    private const string OutputName = "y";

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly TensorShape _itemShape;

    public ForwardSession(
        Func<GraphBuilder, Value, Value> forward, TensorShape itemShape, IReadOnlyDictionary<string, ParameterTensor> parameters, int threads = 0)
    {
        _itemShape = itemShape;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads == 0 ? Environment.ProcessorCount : threads,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new InferenceSession(Exporter.Build(forward, itemShape, parameters, InputName, OutputName).Model.ToByteArray(), options);
    }

    /// <summary>The network's output for a batch of any size, row-major.</summary>
    /// <param name="x">[batch, …item shape].</param>
    public float[] Run(ReadOnlyMemory<float> x)
    {
        if (x.Length % _itemShape.Count != 0)
        {
            throw new ArgumentException($"{x.Length} values are not a whole number of items {_itemShape}.", nameof(x));
        }

        long[] shape = [x.Length / _itemShape.Count, .. _itemShape.Dims];
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, System.Runtime.InteropServices.MemoryMarshal.AsMemory(x), shape);
        using var results = _session.Run(_runOptions, [InputName], [input], [OutputName]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }
}
