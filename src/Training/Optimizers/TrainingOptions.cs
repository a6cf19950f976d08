using StreamGenre.Stages.Inference;

namespace StreamGenre.Training.Optimizers;

/// <summary>How training steps are run.</summary>
internal sealed record TrainingOptions
{
    /// <summary>Seed of the initial weights and of the dropout masks; the same seed, data and number of threads give the same run.</summary>
    public int Seed { get; init; }

    /// <summary>Gradients whose norm over all weights is larger are scaled down to this norm; null for no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Decay d of the moving average of the weights, e ← d·e + (1 − d)·w after each step; null for no average.</summary>
    public double? EmaDecay { get; init; }

    /// <summary>Threads of ONNX Runtime inside an operator; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>What runs the step; <see cref="InferenceDevice.Auto"/>: CUDA where it can be had.</summary>
    public InferenceDevice Device { get; init; } = InferenceDevice.Auto;

    /// <summary>Prefix of a file into which ONNX Runtime writes a profile when the session is disposed; null for none.</summary>
    public string? ProfilePrefix { get; init; }

    /// <summary>Weights of a network trained before that are moved more slowly than others; null where all are alike.</summary>
    public FineTuning? FineTuning { get; init; }

    /// <summary>Steps that the run had taken when this session's optimiser began: those of an earlier phase, which trained other weights.</summary>
    public int EarlierSteps { get; init; }

    /// <summary>Everything wrong with these options; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (ClipNorm is not (null or > 0))
        {
            errors.Add($"clip_norm is {ClipNorm}; it must be above 0");
        }

        if (EmaDecay is not (null or (> 0 and < 1)))
        {
            errors.Add($"ema_decay is {EmaDecay}; it must be above 0 and under 1");
        }

        if (Threads < 0)
        {
            errors.Add($"threads is {Threads}; it must be 0 (one per core) or more");
        }

        return errors;
    }
}
