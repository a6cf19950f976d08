using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamGenre.Stages.Contract;

/// <summary>The contract as keys and values: snake_case keys, invariant culture, enums in snake_case, labels as a JSON array.</summary>
internal static class ContractText
{
    public const string VersionKey = "contract_version";

    public const string FloorKey = "floor_below_max";

    public const string WaveletKey = "wavelet";

    /// <summary>What stands for "no floor" and "no wavelet".</summary>
    public const string None = "none";

    /// <summary>A label list may hold any script; only what JSON itself forbids is escaped.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly JsonSerializerOptions Compact = new(Json) { WriteIndented = false };

    /// <summary>Every key of <paramref name="contract"/> in reading order.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Values(ModelContract contract)
    {
        var mel = contract.Mel;
        return
        [
            new(VersionKey, ModelContract.CurrentVersion),
            new("name", contract.Name),
            new("version", contract.Version),
            new("labels", contract.Labels),
            new("sample_rate_hz", mel.SampleRateHz),
            new("fft_size", mel.FftSize),
            new("frame_samples", mel.FrameSamples),
            new("hop_samples", mel.HopSamples),
            new("window_function", Snake(mel.WindowFunction)),
            new("centered", mel.Centered),
            new("mel_bins", mel.MelBins),
            new("min_frequency_hz", mel.MinFrequencyHz),
            new("max_frequency_hz", mel.MaxFrequencyHz),
            new("mel_scale", Snake(mel.MelScale)),
            new("mel_norm", Snake(mel.MelNorm)),
            new("mel_triangle", Snake(mel.MelTriangle)),
            new("spectrum", Snake(mel.Spectrum)),
            new("log_rule", Snake(mel.LogRule)),
            new("log_offset", mel.LogOffset),
            .. Wavelet(mel.Wavelet),
            new("window_seconds", contract.WindowSeconds),
            new("patch_frames", contract.PatchFrames),
            new("patch_hop_frames", contract.PatchHopFrames),
            new(FloorKey, contract.FloorBelowMax),
            new("normalization", Snake(contract.Normalization)),
            new("layout", Snake(contract.Layout)),
            new("input_name", contract.InputName),
            new("output_name", contract.OutputName),
            new("score_kind", Snake(contract.ScoreKind)),
            new("temperature", contract.Temperature),
            new("training_data", contract.TrainingData),
            new("license", contract.License),
        ];
    }

    /// <summary>One value as it stands in a model's metadata, where everything is text.</summary>
    public static string Text(object? value) => value switch
    {
        null => None,
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        int number => number.ToString(CultureInfo.InvariantCulture),
        IReadOnlyList<string> labels => JsonSerializer.Serialize(labels, Compact),
        _ => (string)value,
    };

    // A contract without wavelet bands stays as it was before there were any, so that older servers read it.
    private static KeyValuePair<string, object?>[] Wavelet(WaveletOptions? wavelet) => wavelet is null
        ? []
        : [new(WaveletKey, Snake(wavelet.Family)), new("wavelet_octaves", wavelet.Octaves), new("wavelet_splits", wavelet.Splits)];

    /// <summary>HannPeriodic becomes hann_periodic.</summary>
    public static string Snake<T>(T value)
        where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
