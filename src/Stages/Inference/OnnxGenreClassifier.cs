using Microsoft.ML.OnnxRuntime;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Inference;

/// <summary>A model run by ONNX Runtime, checked against its contract when it is loaded.</summary>
public sealed class OnnxGenreClassifier : IGenreClassifier
{
    private readonly OnnxModel _model;
    private readonly DeviceMemory? _memory;

    private OnnxGenreClassifier(InferenceSession session, OnnxClassifierOptions options, string executionProvider, string deviceChoice, DeviceMemory? memory)
    {
        Contract = ReadContract(session, options.ModelPath);
        _model = new OnnxModel(session, Contract, ModelSignature.Check(session, Contract));
        _memory = memory;
        ExecutionProvider = executionProvider;
        DeviceChoice = deviceChoice;
    }

    /// <inheritdoc/>
    public ModelContract Contract { get; }

    /// <inheritdoc/>
    public string ExecutionProvider { get; }

    /// <summary>One sentence on what the model runs on and why.</summary>
    public string DeviceChoice { get; }

    /// <summary>What went to a device and back; nothing on the CPU.</summary>
    internal DeviceTraffic Traffic { get; } = new();

    /// <summary>Loads a model and checks that it can be fed, and on a GPU that it runs there.</summary>
    /// <exception cref="ArgumentException">With everything wrong with the options.</exception>
    /// <exception cref="ModelContractException">
    /// The file is no model, has no contract, or its inputs and outputs are not what its contract says; with every mismatch.
    /// </exception>
    /// <exception cref="DeviceUnavailableException">CUDA was asked for and can't be had.</exception>
    public static OnnxGenreClassifier Load(OnnxClassifierOptions options) => Load(options, CudaProvider.FindAccelerator);

    /// <summary>The same with another way of finding a device: it is given where the provider lies, and says why where there is none.</summary>
    internal static OnnxGenreClassifier Load(OnnxClassifierOptions options, Func<string?, (Accelerator? Accelerator, string Why)> find)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new ArgumentException("The model can't be loaded: " + string.Join("; ", errors) + ".", nameof(options));
        }

        if (options.Device == InferenceDevice.Cpu)
        {
            return LoadOnCpu(options, ", as configured");
        }

        var (accelerator, why) = find(options.CudaProviderPath);
        if (accelerator is not null)
        {
            try
            {
                return LoadOn(accelerator, options);
            }
            catch (OnnxRuntimeException error)
            {
                why = $"the {accelerator.Name} provider was loaded but can't run the model ({OneLine(error)})";
            }
        }

        return options.Device == InferenceDevice.Auto
            ? LoadOnCpu(options, $" because {why}")
            : throw new DeviceUnavailableException($"Device cuda was asked for, but {why}; {CudaProvider.Remedy}.");
    }

    /// <summary>
    /// Runs batches of every size once, as many at a time as there are lanes, on a device that prepares for each (kernels, convolution algorithms,
    /// memory): seconds that the first windows would wait. The CPU prepares for nothing, and nothing is run there.
    /// </summary>
    /// <param name="maxBatch">Most windows in a batch.</param>
    /// <param name="lanes">Batches that will be in the model at once.</param>
    /// <exception cref="DeviceUnavailableException">The device can't run such batches, mostly for want of memory.</exception>
    public void WarmUp(int maxBatch, int lanes)
    {
        if (_memory is null)
        {
            return;
        }

        try
        {
            Parallel.For(0, lanes, _ => RunEverySize(maxBatch));
        }
        catch (AggregateException errors) when (errors.InnerExceptions is [OnnxRuntimeException error, ..])
        {
            throw new DeviceUnavailableException(
                $"{ExecutionProvider} can't run {lanes} batches of {maxBatch} windows at once ({OneLine(error)}); ask for a smaller max_batch, fewer lanes, or device cpu.", error);
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

        if (batch.Tensors is not { } tensors || !tensors.IsFor(_model))
        {
            batch.Tensors = tensors = _memory is null ? new HostTensors(_model, batch) : new DeviceTensors(_model, batch, _memory, Traffic);
        }

        var output = tensors.Run(batch.Count);
        for (var window = 0; window < batch.Count; window++)
        {
            ScoreRule.Apply(Contract, output.Slice(window * batch.PatchesPerWindow * batch.Labels, batch.PatchesPerWindow * batch.Labels), batch.Scores(window));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static OnnxGenreClassifier LoadOnCpu(OnnxClassifierOptions options, string why)
    {
        var session = OnnxSession.OpenOnCpu(options);
        try
        {
            return new OnnxGenreClassifier(session, options, "CPU", $"The model runs on the CPU{why}.", memory: null);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static OnnxGenreClassifier LoadOn(Accelerator accelerator, OnnxClassifierOptions options)
    {
        var session = OnnxSession.OpenOn(accelerator, options);
        try
        {
            var why = options.Device == InferenceDevice.Auto ? " because its provider loads and runs it" : ", as configured";
            var choice = $"The model runs on {accelerator.Name} ({accelerator.Description}){why}.";
            var classifier = new OnnxGenreClassifier(session, options, accelerator.Name, choice, accelerator.Memory());

            // A session opens without cuDNN, or on a GPU that the kernels were not built for; a window tells.
            classifier.RunEverySize(maxBatch: 1);
            return classifier;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Some of ONNX Runtime's messages end with a line of their own.</summary>
    private static string OneLine(OnnxRuntimeException error) => error.Message.ReplaceLineEndings(" ").Trim();

    private static ModelContract ReadContract(InferenceSession session, string modelPath)
    {
        var metadata = session.ModelMetadata.CustomMetadataMap;
        var beside = Path.ChangeExtension(modelPath, ".contract.json");
        return !metadata.ContainsKey("contract_version") && File.Exists(beside)
            ? ModelContract.FromJson(File.ReadAllText(beside))
            : ModelContract.FromMetadata(metadata);
    }

    private void RunEverySize(int maxBatch)
    {
        using var batch = new MelBatch(Contract, maxBatch);
        using var window = new MelWindow(batch.PatchesPerWindow, batch.PatchCells);
        foreach (var size in BatchBuckets.Descending(maxBatch))
        {
            batch.Clear();
            while (batch.Count < size)
            {
                batch.Add(window);
            }

            Classify(batch);
        }
    }
}
