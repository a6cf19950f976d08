using StreamGenre.Stages.Contract;
using StreamGenre.Training.Export;
using StreamGenre.Training.Graph;

namespace StreamGenre.Training.Metrics;

/// <summary>A finished model on disk: its contract and its answers.</summary>
internal sealed class ModelFile : IDisposable
{
    private readonly BatchSession _session;

    /// <summary>Opens a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="threads">Threads of ONNX Runtime; 0 for one per core.</param>
    /// <exception cref="TrainingException">There is no such file, ONNX Runtime can't load it, or its contract is unsound.</exception>
    public ModelFile(string path, int threads = 0)
    {
        _session = new BatchSession(path, threads);
        try
        {
            var beside = Path.ChangeExtension(path, ".contract.json");
            Contract = File.Exists(beside) ? ModelContract.FromJson(File.ReadAllText(beside)) : ModelContract.FromMetadata(_session.Metadata);
        }
        catch (ModelContractException error)
        {
            _session.Dispose();
            throw new TrainingException($"{path} has no usable contract: {error.Message}", error);
        }
    }

    /// <summary>What the model wants and gives.</summary>
    public ModelContract Contract { get; }

    /// <summary>From [batch, mels, frames] (or frames, mels, as the contract lays out), normalised, to logits, or what else the contract says it gives, [batch, labels].</summary>
    public float[] Logits(ReadOnlyMemory<float> x)
    {
        var item = Exporter.ItemShape(Contract);
        var channels = _session.Inputs[Contract.InputName].Dimensions.Length == 4;
        return _session.Run(Contract.InputName, channels ? item : new TensorShape([.. item.Dims[1..]]), x, Contract.OutputName);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
