using System.Text.Json;

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

    /// <summary>
    /// Values lower than the window's maximum less this are raised to it, in the unit of the log rule; null for no floor. Mel and wavelet bands have
    /// each their own maximum.
    /// </summary>
    public double? FloorBelowMax { get; init; } = 80;

    /// <summary>How a window is normalised after the floor; mel and wavelet bands each by themselves.</summary>
    public WindowNormalization Normalization { get; init; } = WindowNormalization.Standardize;

    /// <summary>Order of the axes in the model's input.</summary>
    public WindowLayout Layout { get; init; } = WindowLayout.MelMajor;

    /// <summary>Name of the model's input; shape [batch, 1, rows, frames] or [batch, rows, frames] (swapped for frame-major); rows are
    /// the mel bands and, behind them, the wavelet bands where the front end has any.</summary>
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

    /// <summary>Samples of a window at the model's rate.</summary>
    public int WindowSamples => (int)Math.Round(WindowSeconds * Mel.SampleRateHz);

    /// <summary>
    /// Mel frames of a window: those that lie wholly before the end of a stream's first window,
    /// 1 + ⌊(WindowSamples − Mel.FrameReach) / HopSamples⌋; 0 when not even one does.
    /// </summary>
    public int WindowFrames => WindowSamples < Mel.FrameReach ? 0 : 1 + ((WindowSamples - Mel.FrameReach) / Mel.HopSamples);

    /// <summary>Patches of a window: 1 + ⌊(WindowFrames − PatchFrames) / PatchHopFrames⌋; 0 when not even one fits.</summary>
    public int PatchCount => WindowFrames < PatchFrames ? 0 : 1 + ((WindowFrames - PatchFrames) / PatchHopFrames);

    /// <summary>Reads a contract from an ONNX file's metadata_props.</summary>
    /// <param name="metadata">The keys that <see cref="ToMetadata"/> writes; others are ignored. <c>temperature</c>, <c>training_data</c>,
    /// <c>license</c> and the wavelet's keys may be missing.</param>
    /// <exception cref="ModelContractException">With everything that is missing, unreadable or unsupported.</exception>
    public static ModelContract FromMetadata(IReadOnlyDictionary<string, string> metadata) => ContractReader.Read(metadata);

    /// <summary>Reads a contract from the JSON file beside a foreign model (<c>model.onnx</c> + <c>model.contract.json</c>).</summary>
    /// <param name="json">One object of the keys that <see cref="ToMetadata"/> writes; numbers, booleans and the label list may stand as such,
    /// and null for no <c>floor_below_max</c>.</param>
    /// <exception cref="ModelContractException">With everything that is missing, unreadable or unsupported.</exception>
    public static ModelContract FromJson(string json) => ContractReader.ReadJson(json);

    /// <summary>The contract as metadata_props: snake_case keys, invariant culture, labels as a JSON array.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
        => ContractText.Values(this).ToDictionary(v => v.Key, v => ContractText.Text(v.Value));

    /// <summary>The contract as indented JSON, with the keys of <see cref="ToMetadata"/>.</summary>
    public string ToJson()
        => JsonSerializer.Serialize(ContractText.Values(this).ToDictionary(v => v.Key, v => v.Value), ContractText.Json);

    /// <summary>Everything wrong with this contract, each with the offending value and what is allowed; empty when it is sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void Check(bool ok, string error)
        {
            if (!ok)
            {
                errors.Add(error);
            }
        }

        Check(Name.Length > 0, "name is empty");
        Check(Version.Length > 0, "version is empty");
        Check(Labels.Count >= 2, $"labels holds {Labels.Count}; a model tells at least 2 genres apart");
        Check(Labels.All(l => l.Length > 0), "labels holds an empty name");
        var doubles = Labels.GroupBy(l => l).Where(g => g.Count() > 1).Select(g => g.Key).ToArray();
        Check(doubles.Length == 0, $"labels holds '{string.Join("', '", doubles)}' more than once");
        Check(InputName.Length > 0, "input_name is empty");
        Check(OutputName.Length > 0, "output_name is empty");
        Check(FloorBelowMax is null or > 0, $"floor_below_max is {FloorBelowMax}; it must be above 0, or none");
        Check(Temperature > 0 && double.IsFinite(Temperature), $"temperature is {Temperature}; it must be above 0");
        Check(WindowSeconds is >= 0.1 and <= 120, $"window_seconds is {WindowSeconds}; it must be 0.1..120");
        Check(PatchFrames >= 1, $"patch_frames is {PatchFrames}; it must be at least 1");
        Check(PatchHopFrames >= 1, $"patch_hop_frames is {PatchHopFrames}; it must be at least 1");
        Check(
            Mel.Wavelet is null || Layout == WindowLayout.MelMajor,
            $"layout is {ContractText.Snake(Layout)}; a front end with wavelet bands takes {ContractText.Snake(WindowLayout.MelMajor)}");
        errors.AddRange(Mel.Errors());
        if (errors.Count == 0)
        {
            Check(
                WindowFrames >= PatchFrames,
                $"patch_frames is {PatchFrames}, but window_seconds ({WindowSeconds}) at {Mel.SampleRateHz} Hz holds {WindowFrames} frames "
                + $"of {Mel.FrameSamples} samples every {Mel.HopSamples}; lengthen the window or shorten the patch");
        }

        return errors;
    }
}
