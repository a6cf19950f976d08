using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Inference;

/// <summary>A model run by ONNX Runtime, checked against its contract when it is loaded.</summary>
public sealed class OnnxGenreClassifier : IGenreClassifier
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly int _inputRank;

    private OnnxGenreClassifier(InferenceSession session, ModelContract contract, int inputRank, string executionProvider, string deviceChoice)
    {
        _session = session;
        _inputRank = inputRank;
        Contract = contract;
        ExecutionProvider = executionProvider;
        DeviceChoice = deviceChoice;
    }

    /// <inheritdoc/>
    public ModelContract Contract { get; }

    /// <inheritdoc/>
    public string ExecutionProvider { get; }

    /// <summary>One sentence on what the model runs on and why.</summary>
    public string DeviceChoice { get; }

    /// <summary>Loads a model and checks that it can be fed.</summary>
    /// <exception cref="ArgumentException">With everything wrong with the options.</exception>
    /// <exception cref="ModelContractException">
    /// The file is no model, has no contract, or its inputs and outputs are not what its contract says; with every mismatch.
    /// </exception>
    /// <exception cref="DeviceUnavailableException">CUDA was asked for and can't be had.</exception>
    public static OnnxGenreClassifier Load(OnnxClassifierOptions options)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException("The model can't be loaded: " + string.Join("; ", errors) + ".", nameof(options));
        }

        var (session, provider, choice) = OnnxSession.Open(options);
        try
        {
            var contract = ReadContract(session, options.ModelPath);
            var rank = ModelSignature.Check(session, contract);
            return new OnnxGenreClassifier(session, contract, rank, provider, choice);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The batch was made for another model.</exception>
    public void Classify(MelBatch batch)
    {
        if (batch.Labels != Contract.Labels.Count || batch.PatchesPerWindow != Contract.PatchCount)
        {
            throw new ArgumentException("The batch was made for another model's contract.", nameof(batch));
        }

        if (batch.Count == 0)
        {
            return;
        }

        if (batch.Binding is not BatchTensors tensors || !tensors.BelongsTo(this))
        {
            batch.Binding?.Dispose();
            batch.Binding = tensors = new BatchTensors(this, Contract, batch, _inputRank);
        }

        var output = tensors.Run(_session, _runOptions, batch.Count);
        for (var window = 0; window < batch.Count; window++)
        {
            ScoreRule.Apply(Contract, output.Slice(window * batch.PatchesPerWindow * batch.Labels, batch.PatchesPerWindow * batch.Labels), batch.Scores(window));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private static ModelContract ReadContract(InferenceSession session, string modelPath)
    {
        var metadata = session.ModelMetadata.CustomMetadataMap;
        var beside = Path.ChangeExtension(modelPath, ".contract.json");
        return !metadata.ContainsKey("contract_version") && File.Exists(beside)
            ? ModelContract.FromJson(File.ReadAllText(beside))
            : ModelContract.FromMetadata(metadata);
    }
}
