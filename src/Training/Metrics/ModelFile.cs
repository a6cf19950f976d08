using Microsoft.ML.OnnxRuntime;

using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Metrics;

/// <summary>A finished model on disk: its contract and its answers.</summary>
internal sealed class ModelFile : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    /// <summary>Opens a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <exception cref="TrainingException">There is no such file, ONNX Runtime can't load it, or its contract is unsound.</exception>
    public ModelFile(string path, int threads = 0)
    {
        if (!File.Exists(path))
        {
            throw new TrainingException($"there is no model {path}");
        }

        try
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = threads };
            _session = new InferenceSession(path, options);
            var beside = Path.ChangeExtension(path, ".contract.json");
            Contract = File.Exists(beside)
                ? ModelContract.FromJson(File.ReadAllText(beside))
                : ModelContract.FromMetadata(_session.ModelMetadata.CustomMetadataMap);
        }
        catch (OnnxRuntimeException error)
        {
            throw new TrainingException($"{path} is not a model that ONNX Runtime loads: {error.Message}", error);
        }
        catch (ModelContractException error)
        {
            _session?.Dispose();
            throw new TrainingException($"{path} has no usable contract: {error.Message}", error);
        }
    }

    /// <summary>What the model wants and gives.</summary>
    public ModelContract Contract { get; }

    /// <summary>From [batch, mels, frames] (or frames, mels, as the contract lays out), normalised, to logits, or what else the contract says it gives, [batch, labels].</summary>
    public float[] Logits(ReadOnlyMemory<float> x)
    {
        var item = Export.Exporter.ItemShape(Contract);
        var batch = x.Length / item.Count;
        var channels = _session.InputMetadata[Contract.InputName].Dimensions.Length == 4;
        long[] shape = channels ? [batch, .. item.Dims] : [batch, .. item.Dims[1..]];
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, System.Runtime.InteropServices.MemoryMarshal.AsMemory(x), shape);
        using var outputs = _session.Run(_run, [Contract.InputName], [input], [Contract.OutputName]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }
}
