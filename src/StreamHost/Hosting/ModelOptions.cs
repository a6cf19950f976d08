using StreamGenre.Stages.Inference;

namespace StreamGenre.StreamHost.Hosting;

/// <summary>Which model a server classifies with.</summary>
internal sealed record ModelOptions
{
    /// <summary>The ONNX file; the model that comes with the program when empty.</summary>
    public string Path { get; init; } = "";

    /// <summary>What to run it on; <see cref="InferenceDevice.Auto"/>.</summary>
    public InferenceDevice Device { get; init; } = InferenceDevice.Auto;

    /// <summary>Threads inside one run on the CPU; 1, as <see cref="OnnxClassifierOptions.IntraOpThreads"/> explains.</summary>
    public int IntraOpThreads { get; init; } = 1;

    /// <summary>The same for the classifier.</summary>
    public OnnxClassifierOptions ToClassifierOptions() => new()
    {
        ModelPath = Path.Length > 0 ? Path : System.IO.Path.Combine(AppContext.BaseDirectory, "models", "default.onnx"),
        Device = Device,
        IntraOpThreads = IntraOpThreads,
    };
}
