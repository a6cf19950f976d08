namespace StreamGenre.Stages.Inference;

/// <summary>What a model is to run on.</summary>
public enum InferenceDevice
{
    /// <summary>CUDA where it can be loaded, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU; an error where there is none.</summary>
    Cuda,
}

/// <summary>Which model to load and how to run it.</summary>
public sealed record OnnxClassifierOptions
{
    /// <summary>The ONNX file. Its contract stands in its metadata or, for <c>model.onnx</c>, in <c>model.contract.json</c> beside it.</summary>
    public required string ModelPath { get; init; }

    /// <summary>What to run it on; <see cref="InferenceDevice.Auto"/>.</summary>
    public InferenceDevice Device { get; init; } = InferenceDevice.Auto;

    /// <summary>
    /// Threads inside one run on the CPU, 1..256; 1, because measured on a small convolutional network two lanes of one thread outrun one
    /// lane of two (3,200 against 1,780 windows a CPU-second when the second thread spins).
    /// </summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>Where ONNX Runtime's CUDA provider lies; beside the program when null.</summary>
    public string? CudaProviderPath { get; init; }

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(ModelPath))
        {
            errors.Add("model_path is empty; name an ONNX file");
        }
        else if (!File.Exists(ModelPath))
        {
            errors.Add($"model_path is '{ModelPath}', and there is no such file");
        }

        if (!Enum.IsDefined(Device))
        {
            errors.Add($"device is {(int)Device}; it must be auto, cpu or cuda");
        }

        if (IntraOpThreads is < 1 or > 256)
        {
            errors.Add($"intra_op_threads is {IntraOpThreads}; it must be 1..256");
        }

        return errors;
    }
}
