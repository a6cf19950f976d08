using Microsoft.ML.OnnxRuntime;

namespace StreamGenre.Stages.Inference;

/// <summary>A device other than the CPU, and how ONNX Runtime is told to use it.</summary>
internal sealed record Accelerator
{
    /// <summary>What <see cref="IGenreClassifier.ExecutionProvider"/> calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Which device it is, for a log line.</summary>
    public required string Description { get; init; }

    /// <summary>Puts its provider before the CPU's.</summary>
    public required Action<SessionOptions> AppendTo { get; init; }

    /// <summary>Its memory; throws <see cref="OnnxRuntimeException"/> where there is none to be had.</summary>
    public required Func<DeviceMemory> Memory { get; init; }
}
