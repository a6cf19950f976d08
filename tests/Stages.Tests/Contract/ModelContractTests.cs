using FsCheck;
using FsCheck.Fluent;
using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Tests.Pipeline;

namespace StreamGenre.Stages.Tests.Contract;

public sealed class ModelContractTests
{
    private static readonly ModelContract Default = new()
    {
        Name = "test",
        Version = "1.0.0",
        Labels = ["blues", "classical"],
        TrainingData = "line one\nline two",
        License = "Apache-2.0",
    };

    [Fact]
    public void WindowFrames_DefaultContract_Are39InOnePatch()
    {
        Assert.Empty(Default.Errors());
        Assert.Equal(66_150, Default.WindowSamples);
        Assert.Equal(39, Default.WindowFrames);
        Assert.Equal(1, Default.PatchCount);
    }

    [Fact]
    public void WindowFrames_YamnetOverThreeSeconds_HoldFivePatches()
    {
        var yamnet = Yamnet();

        Assert.Empty(yamnet.Errors());
        // 1 + ⌊(48000 − 400)/160⌋ and 1 + ⌊(298 − 96)/48⌋
        Assert.Equal(298, yamnet.WindowFrames);
        Assert.Equal(5, yamnet.PatchCount);
    }

    [Fact]
    public void FromMetadata_OfAnyContract_GivesItBack()
        => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(200),
            Prop.ForAll(Contracts(), contract => Same(contract, ModelContract.FromMetadata(contract.ToMetadata()))));

    [Fact]
    public void FromJson_OfAnyContract_GivesItBack()
        => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(200),
            Prop.ForAll(Contracts(), contract => Same(contract, ModelContract.FromJson(contract.ToJson()))));

    [Fact]
    public void ToMetadata_DefaultContract_IsReadableText()
    {
        var metadata = Default.ToMetadata();

        Assert.Equal("1", metadata["contract_version"]);
        Assert.Equal("""["blues","classical"]""", metadata["labels"]);
        Assert.Equal("hann_periodic", metadata["window_function"]);
        Assert.Equal("linear_in_hz", metadata["mel_triangle"]);
        Assert.Equal("true", metadata["centered"]);
        Assert.Equal("1E-10", metadata["log_offset"]);
        Assert.Equal("none", (Default with { FloorBelowMax = null }).ToMetadata()["floor_below_max"]);
    }

    [Fact]
    public void FromJson_WrittenByHand_TakesNumbersBooleansAndNull()
    {
        var contract = ModelContract.FromJson("""
            {
              // a foreign model
              "contract_version": 1, "name": "yamnet", "version": "1", "labels": ["Speech", "Music"],
              "sample_rate_hz": 16000, "fft_size": 512, "frame_samples": 400, "hop_samples": 160, "window_function": "hann_periodic",
              "centered": false, "mel_bins": 64, "min_frequency_hz": 125, "max_frequency_hz": 7500.0, "mel_scale": "htk", "mel_norm": "none",
              "mel_triangle": "linear_in_mel", "spectrum": "magnitude", "log_rule": "natural_with_offset", "log_offset": 1e-3,
              "window_seconds": 3, "patch_frames": 96, "patch_hop_frames": 48, "floor_below_max": null, "normalization": "none",
              "layout": "frame_major", "input_name": "log_mel", "output_name": "scores", "score_kind": "independent_probabilities",
              "license": "Apache-2.0",
            }
            """);

        Assert.True(Same(Yamnet(), contract));
    }

    [Fact]
    public void FromMetadata_EveryRequiredKeyTakenAway_IsNamed()
    {
        string[] optional = ["temperature", "training_data", "license", "contract_version"];
        foreach (var key in Default.ToMetadata().Keys.Except(optional))
        {
            var metadata = Default.ToMetadata().Where(v => v.Key != key).ToDictionary();

            var error = Assert.Throws<ModelContractException>(() => ModelContract.FromMetadata(metadata));

            Assert.StartsWith(key + " is missing", Assert.Single(error.Errors), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FromMetadata_OptionalKeysTakenAway_TakesTheirDefaults()
    {
        string[] optional = ["temperature", "training_data", "license"];

        var contract = ModelContract.FromMetadata(Default.ToMetadata().Where(v => !optional.Contains(v.Key)).ToDictionary());

        Assert.Equal(1, contract.Temperature);
        Assert.Equal("", contract.License);
    }

    [Fact]
    public void FromMetadata_ManyUnreadableValues_ListsThemAllWithWhatIsAllowed()
    {
        var metadata = Default.ToMetadata().ToDictionary();
        metadata["fft_size"] = "two thousand";
        metadata["mel_scale"] = "bark";
        metadata["log_offset"] = "NaN";
        metadata["labels"] = "blues, classical";
        metadata["centered"] = "yes";

        var error = Assert.Throws<ModelContractException>(() => ModelContract.FromMetadata(metadata));

        Assert.Equal(5, error.Errors.Count);
        Assert.Contains(error.Errors, e => e == "mel_scale is 'bark'; it must be one of slaney, htk");
        Assert.Contains("two thousand", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("contract_version", "2", "contract_version is 2")]
    [InlineData("contract_version", "one", "contract_version is 'one'")]
    [InlineData("patch_frames", "40", "holds 39 frames")]
    [InlineData("hop_samples", "0", "hop_samples is 0")]
    [InlineData("labels", """["pop","pop"]""", "'pop' more than once")]
    [InlineData("labels", """["pop"]""", "at least 2")]
    [InlineData("labels", """["pop",null]""", "JSON array of strings")]
    [InlineData("temperature", "0", "temperature is 0")]
    [InlineData("window_seconds", "1000", "0.1..120")]
    [InlineData("floor_below_max", "-3", "floor_below_max is -3")]
    public void FromMetadata_ValueOutOfRange_SaysWhatIsAllowed(string key, string value, string expected)
    {
        var metadata = Default.ToMetadata().ToDictionary();
        metadata[key] = value;

        var error = Assert.Throws<ModelContractException>(() => ModelContract.FromMetadata(metadata));

        Assert.Contains(expected, Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void ToMetadata_NoWavelet_SaysNothingOfOne()
        => Assert.DoesNotContain(Default.ToMetadata().Keys, key => key.StartsWith("wavelet", StringComparison.Ordinal));

    [Theory]
    [InlineData("wavelet", "morlet", "wavelet is 'morlet'; it must be one of haar, db4, db8, sym8")]
    [InlineData("wavelet_octaves", "11", "wavelet_octaves is 11; it must be 0..10")]
    [InlineData("wavelet_splits", "-1", "wavelet_splits is -1; it must be 0..6")]
    [InlineData("wavelet_splits", "6", "give a coefficient every 2048 samples")]
    [InlineData("layout", "frame_major", "a front end with wavelet bands takes mel_major")]
    public void FromMetadata_WaveletOutOfRange_SaysWhatIsAllowed(string key, string value, string expected)
    {
        var metadata = (Default with { Mel = new() { Wavelet = new() } }).ToMetadata().ToDictionary();
        Assert.Equal(128 + 48, ModelContract.FromMetadata(metadata).Mel.Rows);
        metadata[key] = value;

        var error = Assert.Throws<ModelContractException>(() => ModelContract.FromMetadata(metadata));

        Assert.Contains(expected, Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void FromMetadata_WaveletWithoutItsBands_NamesThem()
    {
        var metadata = Default.ToMetadata().ToDictionary();
        metadata["wavelet"] = "db4";

        var error = Assert.Throws<ModelContractException>(() => ModelContract.FromMetadata(metadata));

        Assert.Equal(2, error.Errors.Count);
        Assert.Null(ModelContract.FromMetadata(Default.ToMetadata().Append(new("wavelet", "none")).ToDictionary()).Mel.Wavelet);
    }

    [Fact]
    public void FromMetadata_NoContractAtAll_SaysWhereToPutOne()
    {
        var error = Assert.Throws<ModelContractException>(() => ModelContract.FromMetadata(new Dictionary<string, string>()));

        Assert.Contains("model.contract.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("{ nonsense")]
    public void FromJson_NotAnObject_Throws(string json)
        => Assert.Throws<ModelContractException>(() => ModelContract.FromJson(json));

    private static ModelContract Yamnet() => TestContracts.Yamnet with { Labels = ["Speech", "Music"] };

    // A record compares its label list by reference.
    private static bool Same(ModelContract a, ModelContract b) => a.Labels.SequenceEqual(b.Labels) && a == b with { Labels = a.Labels };

    private static Arbitrary<ModelContract> Contracts()
    {
        var texts = ArbMap.Default.GeneratorFor<NonEmptyString>().Select(t => t.Get);
        var fractions = Gen.Choose(1, 1_000_000_000).Select(n => n / 1e9);
        var contracts =
            from labels in texts.ListOf(5)
            from name in texts
            from mel in MelOptions(fractions)
            from seconds in fractions
            from floor in Gen.OneOf(Gen.Constant((double?)null), fractions.Select(f => (double?)(f * 100)))
            from normalization in Gen.Elements(Enum.GetValues<WindowNormalization>())
            from layout in Gen.Elements(Enum.GetValues<WindowLayout>())
            from kind in Gen.Elements(Enum.GetValues<ScoreKind>())
            from temperature in fractions
            let made = new ModelContract
            {
                Name = name,
                Version = name,
                Labels = [.. labels.Select((label, i) => label + i)],
                Mel = mel,
                WindowSeconds = 20 + (100 * seconds),
                PatchFrames = 1,
                PatchHopFrames = 1 + (int)(100 * seconds),
                FloorBelowMax = floor,
                Normalization = normalization,
                Layout = mel.Wavelet is null ? layout : WindowLayout.MelMajor,
                InputName = name,
                OutputName = name,
                ScoreKind = kind,
                Temperature = temperature,
                TrainingData = name,
                License = name,
            }
            select made;
        return contracts.ToArbitrary();
    }

    private static Gen<MelOptions> MelOptions(Gen<double> fractions)
        => from rate in Gen.Choose(8_000, 192_000)
           from fft in Gen.Choose(16, 65_536)
           from hop in Gen.Choose(1, 10_000)
           from window in Gen.Elements(Enum.GetValues<WindowFunction>())
           from centered in Gen.Elements(true, false)
           from low in fractions
           from offset in fractions
           from scale in Gen.Elements(Enum.GetValues<MelScale>())
           from norm in Gen.Elements(Enum.GetValues<MelNorm>())
           from triangle in Gen.Elements(Enum.GetValues<MelTriangle>())
           from spectrum in Gen.Elements(Enum.GetValues<SpectrumKind>())
           from rule in Gen.Elements(Enum.GetValues<LogRule>())
           from wavelet in Gen.OneOf(Gen.Constant((WaveletOptions?)null), Wavelets(hop))
           select new MelOptions
           {
               SampleRateHz = rate,
               FftSize = fft,
               FrameSamples = 2 + (int)((fft - 2) * low),
               HopSamples = hop,
               WindowFunction = window,
               Centered = centered,
               MinFrequencyHz = low * 1_000,
               MaxFrequencyHz = rate / 2.0,
               MelScale = scale,
               MelNorm = norm,
               MelTriangle = triangle,
               Spectrum = spectrum,
               LogRule = rule,
               LogOffset = offset,
               Wavelet = wavelet,
           };

    private static Gen<WaveletOptions?> Wavelets(int hop)
        => from family in Gen.Elements(Enum.GetValues<WaveletFamily>())
           from octaves in Gen.Choose(0, 10)
           from splits in Gen.Choose(0, 6)
           let wavelet = new WaveletOptions { Family = family, Octaves = octaves, Splits = splits }
           select wavelet.Errors(hop).Count == 0 ? wavelet : null;
}
