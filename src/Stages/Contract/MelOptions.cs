namespace StreamGenre.Stages.Contract;

/// <summary>
/// How a stream's frames are made, as a model's contract states it: mel bands, and wavelet bands above them where <see cref="Wavelet"/> asks for them.
/// Defaults are the default front end's.
/// </summary>
public sealed record MelOptions
{
    /// <summary>Rate of the mono samples that enter the front end, in Hz; 8,000..192,000.</summary>
    public int SampleRateHz { get; init; } = 22_050;

    /// <summary>Points of the FFT; any whole number from 16 to 65,536.</summary>
    public int FftSize { get; init; } = 2048;

    /// <summary>Samples under the window function, at most <see cref="FftSize"/>; the rest of the FFT is zeros behind them.</summary>
    public int FrameSamples { get; init; } = 2048;

    /// <summary>Samples from one frame to the next.</summary>
    public int HopSamples { get; init; } = 1708;

    /// <summary>The window function laid over each frame.</summary>
    public WindowFunction WindowFunction { get; init; } = WindowFunction.HannPeriodic;

    /// <summary>
    /// True: frame f is centred at sample f·hop and the stream starts with FrameSamples/2 zeros (librosa's center=True, zero padding);
    /// false: frame f begins at sample f·hop.
    /// </summary>
    public bool Centered { get; init; } = true;

    /// <summary>Number of mel bands.</summary>
    public int MelBins { get; init; } = 128;

    /// <summary>Lower edge of the lowest band, in Hz.</summary>
    public double MinFrequencyHz { get; init; }

    /// <summary>Upper edge of the highest band, in Hz; at most half the sample rate.</summary>
    public double MaxFrequencyHz { get; init; } = 11_025;

    /// <summary>Which mel scale spaces the band edges.</summary>
    public MelScale MelScale { get; init; } = MelScale.Slaney;

    /// <summary>How a band's triangle is scaled.</summary>
    public MelNorm MelNorm { get; init; } = MelNorm.Slaney;

    /// <summary>Whether the triangles' flanks are straight lines over Hz (librosa) or over mel (TensorFlow, YAMNet).</summary>
    public MelTriangle MelTriangle { get; init; } = MelTriangle.LinearInHz;

    /// <summary>Power |X|² or magnitude |X|.</summary>
    public SpectrumKind Spectrum { get; init; } = SpectrumKind.Power;

    /// <summary>The logarithm taken of a band.</summary>
    public LogRule LogRule { get; init; } = LogRule.Decibel;

    /// <summary>
    /// Decibel: the least value before the logarithm, 10·log10(max(LogOffset, x)) (librosa's amin);
    /// NaturalWithOffset: what is added, ln(x + LogOffset).
    /// </summary>
    public double LogOffset { get; init; } = 1e-10;

    /// <summary>Wavelet bands of the same samples, hop and log rule that follow the mel bands in every frame; null for none.</summary>
    public WaveletOptions? Wavelet { get; init; }

    /// <summary>Values of a frame: mel bands, then wavelet bands.</summary>
    public int Rows => MelBins + (Wavelet?.Bands ?? 0);

    /// <summary>The rows that are floored and normalised together: the mel bands, and the wavelet bands where there are any.</summary>
    public IReadOnlyList<Range> Blocks() => Wavelet is null ? [new(0, MelBins)] : [new(0, MelBins), new(MelBins, Rows)];

    /// <summary>Zeros before a stream's first sample: half a frame when <see cref="Centered"/>.</summary>
    public int LeftPadding => Centered ? FrameSamples / 2 : 0;

    /// <summary>Samples from f·hop to the end of frame f's support: frame f is known once sample f·hop + FrameReach − 1 is.</summary>
    public int FrameReach => FrameSamples - LeftPadding;

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
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

        Check(SampleRateHz is >= 8_000 and <= 192_000, $"sample_rate_hz is {SampleRateHz}; it must be 8000..192000");
        Check(FftSize is >= 16 and <= 65_536, $"fft_size is {FftSize}; it must be 16..65536");
        Check(FrameSamples >= 2 && FrameSamples <= FftSize, $"frame_samples is {FrameSamples}; it must be 2..fft_size ({FftSize})");
        Check(HopSamples is >= 1 and <= 1_000_000, $"hop_samples is {HopSamples}; it must be 1..1000000");
        Check(MelBins is >= 1 and <= 1024, $"mel_bins is {MelBins}; it must be 1..1024");
        Check(MinFrequencyHz >= 0, $"min_frequency_hz is {MinFrequencyHz}; it must not be negative");
        Check(
            MaxFrequencyHz > MinFrequencyHz && MaxFrequencyHz <= SampleRateHz / 2.0,
            $"max_frequency_hz is {MaxFrequencyHz}; it must be above min_frequency_hz ({MinFrequencyHz}) and at most half the sample rate ({SampleRateHz / 2.0})");
        // The logarithm is taken in single precision, whose least normal number is 1.2e-38.
        Check(LogOffset is >= 1e-37 and <= 1e9, $"log_offset is {LogOffset}; it must be 1e-37..1e9");
        errors.AddRange(Wavelet?.Errors(HopSamples) ?? []);
        return errors;
    }
}
