using System.Globalization;
using System.Text.Json;

namespace StreamGenre.Stages.Contract;

/// <summary>Reads a contract out of keys and values and keeps every complaint, so that one look shows all that is wrong.</summary>
internal sealed class ContractReader(IReadOnlyDictionary<string, string> metadata)
{
    private readonly List<string> _errors = [];

    /// <summary>Reads the values of an ONNX file's metadata_props.</summary>
    /// <exception cref="ModelContractException">With everything that is missing, unreadable or unsupported.</exception>
    public static ModelContract Read(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.ContainsKey(ContractText.VersionKey))
        {
            throw new ModelContractException(
                $"no {ContractText.VersionKey} key: the model carries no contract; put one into its metadata_props, "
                + "or lay it as JSON beside the model (model.onnx + model.contract.json)");
        }

        return new ContractReader(metadata).Read();
    }

    /// <summary>Reads the same values out of a JSON object.</summary>
    /// <exception cref="ModelContractException">When the text is not a JSON object, or for what it says.</exception>
    public static ModelContract ReadJson(string json)
    {
        var values = new Dictionary<string, string>();
        try
        {
            using var document = JsonDocument.Parse(json, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ModelContractException($"the contract is a JSON {document.RootElement.ValueKind}; it must be one object of keys and values");
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                values[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.String => property.Value.GetString()!,
                    JsonValueKind.Null => ContractText.None,
                    _ => property.Value.GetRawText(),
                };
            }
        }
        catch (JsonException e)
        {
            throw new ModelContractException($"the contract is not JSON: {e.Message}", e);
        }

        return Read(values);
    }

    private ModelContract Read()
    {
        var version = Int(ContractText.VersionKey);
        if (version != ModelContract.CurrentVersion && _errors.Count == 0)
        {
            _errors.Add($"{ContractText.VersionKey} is {version}; this program reads {ModelContract.CurrentVersion}: update it, or export the model again");
        }

        var contract = new ModelContract
        {
            Name = Text("name"),
            Version = Text("version"),
            Labels = Labels(),
            Mel = new MelOptions
            {
                SampleRateHz = Int("sample_rate_hz"),
                FftSize = Int("fft_size"),
                FrameSamples = Int("frame_samples"),
                HopSamples = Int("hop_samples"),
                WindowFunction = Choice<WindowFunction>("window_function"),
                Centered = Flag("centered"),
                MelBins = Int("mel_bins"),
                MinFrequencyHz = Number("min_frequency_hz"),
                MaxFrequencyHz = Number("max_frequency_hz"),
                MelScale = Choice<MelScale>("mel_scale"),
                MelNorm = Choice<MelNorm>("mel_norm"),
                MelTriangle = Choice<MelTriangle>("mel_triangle"),
                Spectrum = Choice<SpectrumKind>("spectrum"),
                LogRule = Choice<LogRule>("log_rule"),
                LogOffset = Number("log_offset"),
                Wavelet = Wavelet(),
            },
            WindowSeconds = Number("window_seconds"),
            PatchFrames = Int("patch_frames"),
            PatchHopFrames = Int("patch_hop_frames"),
            FloorBelowMax = metadata.GetValueOrDefault(ContractText.FloorKey) == ContractText.None ? null : Number(ContractText.FloorKey),
            Normalization = Choice<WindowNormalization>("normalization"),
            Layout = Choice<WindowLayout>("layout"),
            InputName = Text("input_name"),
            OutputName = Text("output_name"),
            ScoreKind = Choice<ScoreKind>("score_kind"),
            Temperature = metadata.ContainsKey("temperature") ? Number("temperature") : 1,
            TrainingData = metadata.GetValueOrDefault("training_data", ""),
            License = metadata.GetValueOrDefault("license", ""),
        };

        // Limits are only worth checking on values that could be read; a value that could not is already reported.
        var errors = _errors.Count > 0 ? _errors : contract.Errors();
        return errors.Count == 0 ? contract : throw new ModelContractException(errors);
    }

    private WaveletOptions? Wavelet() => metadata.GetValueOrDefault(ContractText.WaveletKey, ContractText.None) == ContractText.None
        ? null
        : new WaveletOptions
        {
            Family = Choice<WaveletFamily>(ContractText.WaveletKey),
            Octaves = Int("wavelet_octaves"),
            Splits = Int("wavelet_splits"),
        };

    private string Text(string key)
    {
        if (metadata.TryGetValue(key, out var text))
        {
            return text;
        }

        _errors.Add($"{key} is missing");
        return "";
    }

    private T Parsed<T>(string key, T fallback, string wanted, Func<string, T?> parse)
        where T : struct
    {
        if (!metadata.TryGetValue(key, out var text))
        {
            _errors.Add($"{key} is missing; it must be {wanted}");
            return fallback;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        _errors.Add($"{key} is '{text}'; it must be {wanted}");
        return fallback;
    }

    private int Int(string key) => Parsed(
        key, 0, "a whole number", t => int.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) ? v : (int?)null);

    private double Number(string key) => Parsed(
        key,
        0,
        key == ContractText.FloorKey ? $"a number, or {ContractText.None}" : "a number",
        t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : (double?)null);

    private bool Flag(string key) => Parsed(key, false, "true or false", t => t switch { "true" => true, "false" => false, _ => (bool?)null });

    private T Choice<T>(string key)
        where T : struct, Enum
    {
        var known = Enum.GetValues<T>();
        return Parsed(
            key,
            default,
            "one of " + string.Join(", ", known.Select(ContractText.Snake)),
            t => known.Where(v => ContractText.Snake(v) == t).Select(v => (T?)v).FirstOrDefault());
    }

    private string[] Labels()
    {
        var text = Text("labels");
        if (text.Length == 0)
        {
            return [];
        }

        try
        {
            if (JsonSerializer.Deserialize<string?[]>(text) is { } labels && labels.All(l => l is not null))
            {
                return labels!;
            }
        }
        catch (JsonException)
        {
            // Reported below like any other unreadable value.
        }

        _errors.Add($"labels is '{text}'; it must be a JSON array of strings");
        return [];
    }
}
