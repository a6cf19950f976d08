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

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var options = ToClassifierOptions();
        return File.Exists(options.ModelPath)
            ? [.. options.Errors().Select(error => "Model: " + error)]
            : [$"Model:{nameof(Path)} (--model) is '{options.ModelPath}', and there is no such file"];
    }

    /// <summary>The same for the classifier.</summary>
    public OnnxClassifierOptions ToClassifierOptions() => new()
    {
        ModelPath = Path.Length > 0 ? Path : System.IO.Path.Combine(AppContext.BaseDirectory, "models", "default.onnx"),
        Device = Device,
        IntraOpThreads = IntraOpThreads,
    };
}
