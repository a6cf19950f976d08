using System.Runtime.InteropServices;

using Microsoft.ML.OnnxRuntime;

using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Export;

/// <summary>A finished graph, run on the CPU on batches of any size.</summary>
internal sealed class BatchSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    /// <summary>Opens a graph in memory.</summary>
    /// <param name="model">The ONNX model.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    public BatchSession(byte[] model, int threads)
    {
        using var options = Options(threads);
        _session = new InferenceSession(model, options);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The ONNX model.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <exception cref="TrainingException">There is no such file, or ONNX Runtime can't load it.</exception>
    public BatchSession(string path, int threads)
    {
        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no model {path}");
        }

        try
        {
            using var options = Options(threads);
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new TrainingException($"{path} is not a model that ONNX Runtime loads: {error.Message}", error);
        }
    }

    /// <summary>The graph's inputs, by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>The graph's outputs, by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>The file's metadata_props.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>An output for a batch, row-major.</summary>
    /// <param name="input">The input's name.</param>
    /// <param name="item">Shape of an item.</param>
    /// <param name="x">[batch, …item].</param>
    /// <param name="output">The output's name.</param>
    public float[] Run(string input, TensorShape item, ReadOnlyMemory<float> x, string output)
    {
        if (x.Length % item.Count != 0)
        {
            throw new ArgumentException($"{x.Length} values are not a whole number of items {item}.", nameof(x));
        }

        long[] shape = [x.Length / item.Count, .. item.Dims];
        using var batch = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(x), shape);
        using var results = _session.Run(_run, [input], [batch], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private static SessionOptions Options(int threads) => new()
    {
        IntraOpNumThreads = threads == 0 ? Environment.ProcessorCount : threads,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };
}
