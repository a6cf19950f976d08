namespace StreamGenre.Training.Data;

/// <summary>
/// How training windows are varied. The parts of a training set come out of different microphones, codecs and years, and genres are spread
/// unevenly over the parts: without these a network learns the source in place of the genre (a network trained on GTZAN's mels alone calls
/// a third of other real recordings classical).
/// </summary>
internal sealed record AugmentationOptions
{
    /// <summary>Share of windows under a random smooth equaliser, 0..1.</summary>
    public double EqualizerProbability { get; init; } = 0.8;

    /// <summary>Standard deviation of the equaliser's slowest cosine over the mel axis, in dB; the k-th has this over √k.</summary>
    public double EqualizerDecibels { get; init; } = 4;

    /// <summary>Share of windows cut off above a random frequency, as codecs and old recordings do, 0..1.</summary>
    public double LowPassProbability { get; init; } = 0.5;

    /// <summary>Lowest cut-off of the low-pass, in Hz; the highest is just above the mel range.</summary>
    public double LowPassMinHz { get; init; } = 3_500;

    /// <summary>Share of windows thinned below 40..250 Hz, as small loudspeakers and microphones do, 0..1.</summary>
    public double HighPassProbability { get; init; } = 0.2;

    /// <summary>Share of windows over a noise floor 45..80 dB under their maximum, 0..1.</summary>
    public double NoiseProbability { get; init; } = 0.4;

    /// <summary>
    /// Half the width of the uniform dither on every cell, in dB. Half a step of gtzan-mel's 8-bit levels (80/256 dB): it hides which part of the
    /// data was once quantised.
    /// </summary>
    public double DitherDecibels { get; init; } = 80.0 / 512;

    /// <summary>Share of windows with a blanked band of mel bins, and likewise of frames (SpecAugment, Park et al. 2019), 0..1.</summary>
    public double MaskProbability { get; init; } = 0.5;

    /// <summary>Widest blanked band, in mel bins.</summary>
    public int MaskMelBins { get; init; } = 16;

    /// <summary>Longest blanked stretch, in frames.</summary>
    public int MaskFrames { get; init; } = 6;

    /// <summary>Farthest shift along the mel axis, in bins; two are about a semitone above 1 kHz, so keys and tunings tell nothing; 0 for none.</summary>
    public int ShiftMelBins { get; init; } = 2;

    /// <summary>α of the Beta(α, α) that mixes pairs of windows (Zhang et al. 2018); 0 for no mixing.</summary>
    public double MixupAlpha { get; init; } = 0.4;

    /// <summary>No variation at all: windows as the server would make them.</summary>
    public static AugmentationOptions None { get; } = new()
    {
        EqualizerProbability = 0,
        LowPassProbability = 0,
        HighPassProbability = 0,
        NoiseProbability = 0,
        DitherDecibels = 0,
        MaskProbability = 0,
        ShiftMelBins = 0,
        MixupAlpha = 0,
    };

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void Share(double value, string name)
        {
            if (value is not (>= 0 and <= 1))
            {
                errors.Add($"{name} is {value}; it must be 0..1");
            }
        }

        void AtLeastZero(double value, string name)
        {
            if (!(value >= 0))
            {
                errors.Add($"{name} is {value}; it must not be negative");
            }
        }

        Share(EqualizerProbability, nameof(EqualizerProbability));
        Share(LowPassProbability, nameof(LowPassProbability));
        Share(HighPassProbability, nameof(HighPassProbability));
        Share(NoiseProbability, nameof(NoiseProbability));
        Share(MaskProbability, nameof(MaskProbability));
        AtLeastZero(EqualizerDecibels, nameof(EqualizerDecibels));
        AtLeastZero(DitherDecibels, nameof(DitherDecibels));
        AtLeastZero(MaskMelBins, nameof(MaskMelBins));
        AtLeastZero(MaskFrames, nameof(MaskFrames));
        AtLeastZero(ShiftMelBins, nameof(ShiftMelBins));
        AtLeastZero(MixupAlpha, nameof(MixupAlpha));
        if (!(LowPassMinHz > 0))
        {
            errors.Add($"{nameof(LowPassMinHz)} is {LowPassMinHz}; it must be above 0");
        }

        return errors;
    }
}
