namespace StreamGenre.Stages.Contract;

/// <summary>
/// Everything that must be known of a model to feed it and to read it. It stands in the ONNX file's metadata_props, or in a JSON file beside a
/// foreign model; the server builds its front end from it and refuses a model whose contract it can't keep.
/// </summary>
public sealed record ModelContract
{
    /// <summary>Version of the contract's own form; this program reads 1.</summary>
    public const int CurrentVersion = 1;

    /// <summary>A short name, such as <c>streamgenre-default</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The model's own version, such as <c>1.0.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The genres, in the order of the model's output; unique, at least two.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>How the mel frames are made.</summary>
    public MelOptions Mel { get; init; } = new();

    /// <summary>Seconds of audio that one window covers.</summary>
    public double WindowSeconds { get; init; } = 3;

    /// <summary>Mel frames in the piece of a window that the model takes at once.</summary>
    public int PatchFrames { get; init; } = 39;

    /// <summary>
    /// Frames from one patch to the next inside a window. When a window holds more than one patch the window's scores are the mean over its
    /// patches' scores. A window holds as many whole patches as fit.
    /// </summary>
    public int PatchHopFrames { get; init; } = 39;

    /// <summary>Values lower than the window's maximum less this are raised to it, in the unit of the log rule; null for no floor.</summary>
    public double? FloorBelowMax { get; init; } = 80;

    /// <summary>How a window is normalised after the floor.</summary>
    public WindowNormalization Normalization { get; init; } = WindowNormalization.Standardize;

    /// <summary>Order of the axes in the model's input.</summary>
    public WindowLayout Layout { get; init; } = WindowLayout.MelMajor;

    /// <summary>Name of the model's input; shape [batch, 1, mels, frames] or [batch, mels, frames] (frames, mels swapped for frame-major).</summary>
    public string InputName { get; init; } = "mel";

    /// <summary>Name of the output that is read; shape [batch, labels].</summary>
    public string OutputName { get; init; } = "logits";

    /// <summary>What that output holds.</summary>
    public ScoreKind ScoreKind { get; init; } = ScoreKind.Logits;

    /// <summary>What logits are divided by before the softmax (Guo et al. 2017, temperature scaling); 1 leaves them alone.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>What the model was trained on, in words.</summary>
    public string TrainingData { get; init; } = "";

    /// <summary>Licence of the weights, an SPDX expression where there is one.</summary>
    public string License { get; init; } = "";

}
