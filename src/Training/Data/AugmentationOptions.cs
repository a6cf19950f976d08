namespace StreamGenre.Training.Data;

/// <summary>
/// How training windows are varied. The parts of a training set come out of different microphones, codecs and years, and genres are spread
/// unevenly over the parts: without these a network learns the source in place of the genre (a network trained on GTZAN's mels alone calls
/// a third of other real recordings classical).
/// </summary>
internal sealed record AugmentationOptions
{
    /// <summary>
    /// Farthest change of tempo: a window is drawn from 1/x to x times as much audio (every ratio as likely as its inverse), squeezed or stretched along time to
    /// a window's frames with its pitch kept; 1 (none) to 2.
    /// </summary>
    public double TimeStretch { get; init; } = 1;

    /// <summary>
    /// Share of windows that show twice as much audio squeezed into a window's frames (zoom-out), where the recording is long enough, 0..1. Each frame is then the
    /// mean power of two.
    /// </summary>
    public double ZoomOutProbability { get; init; }

    /// <summary>Share of windows with a window of another recording of the set, of whatever genre, in the background, 0..1.</summary>
    public double BackgroundProbability { get; init; }

    /// <summary>How far the background's mean power lies under the window's at the least, in dB; at the most 15 dB more.</summary>
    public double BackgroundDecibels { get; init; } = 10;

    /// <summary>
    /// Standard deviation of a gain over the whole window, in dB. A front end that takes its floor from the window's maximum and standardises undoes it.
    /// </summary>
    public double GainDecibels { get; init; }

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

    /// <summary>Share of windows with blanked bands of mel bins, and likewise of frames (SpecAugment, Park et al. 2019), 0..1.</summary>
    public double MaskProbability { get; init; } = 0.5;

    /// <summary>Blanked bands in such a window, each of a width and place of its own.</summary>
    public int MelMasks { get; init; } = 1;

    /// <summary>Widest blanked band, in mel bins; wavelet bands whose middle lies in it go with it.</summary>
    public int MaskMelBins { get; init; } = 16;

    /// <summary>Blanked stretches in such a window, each of a length and place of its own.</summary>
    public int FrameMasks { get; init; } = 1;

    /// <summary>Longest blanked stretch, in frames.</summary>
    public int MaskFrames { get; init; } = 6;

    /// <summary>
    /// Farthest shift along the mel axis, in bins; two are about a semitone above 1 kHz, so keys and tunings tell nothing; 0 for none. Wavelet bands, several
    /// times as wide, stay where they are.
    /// </summary>
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
        void Between(double value, double low, double high, string name)
        {
            if (!(value >= low && value <= high))
            {
                errors.Add(FormattableString.Invariant($"{name} is {value}; it must be {low}..{high}"));
            }
        }

        void AtLeastZero(double value, string name)
        {
            if (!(value >= 0) || !double.IsFinite(value))
            {
                errors.Add(FormattableString.Invariant($"{name} is {value}; it must not be negative"));
            }
        }

        Between(TimeStretch, 1, 2, "time-stretch");
        Between(ZoomOutProbability, 0, 1, "zoom-out");
        Between(BackgroundProbability, 0, 1, "background");
        Between(EqualizerProbability, 0, 1, nameof(EqualizerProbability));
        Between(LowPassProbability, 0, 1, "low-pass");
        Between(HighPassProbability, 0, 1, "high-pass");
        Between(NoiseProbability, 0, 1, "noise");
        Between(MaskProbability, 0, 1, "mask");
        AtLeastZero(BackgroundDecibels, "background-db");
        AtLeastZero(GainDecibels, "gain");
        AtLeastZero(EqualizerDecibels, "eq");
        AtLeastZero(DitherDecibels, nameof(DitherDecibels));
        Between(MelMasks, 0, 10, "mel-masks");
        AtLeastZero(MaskMelBins, "mel-mask-bins");
        Between(FrameMasks, 0, 10, "frame-masks");
        AtLeastZero(MaskFrames, "frame-mask-frames");
        AtLeastZero(ShiftMelBins, "shift");
        AtLeastZero(MixupAlpha, "mixup");
        if (!(LowPassMinHz > 0))
        {
            errors.Add(FormattableString.Invariant($"{nameof(LowPassMinHz)} is {LowPassMinHz}; it must be above 0"));
        }

        return errors;
    }
}
