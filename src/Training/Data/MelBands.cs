using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>Where the rows of a frame lie: mel bands, then wavelet bands.</summary>
internal static class MelBands
{
    /// <summary>Centre of each band, in Hz: MelBins + 2 edges evenly spaced in mel, of which the inner ones are the centres.</summary>
    public static double[] CentersHz(MelOptions mel)
    {
        var (low, high) = (ToMel(mel.MinFrequencyHz, mel.MelScale), ToMel(mel.MaxFrequencyHz, mel.MelScale));
        return Enumerable.Range(1, mel.MelBins)
            .Select(edge => ToHz(low + ((high - low) * edge / (mel.MelBins + 1)), mel.MelScale))
            .ToArray();
    }

    /// <summary>Middle of each row, in Hz.</summary>
    public static double[] RowCentersHz(MelOptions mel) => [.. CentersHz(mel), .. mel.Wavelet?.CentersHz(mel.SampleRateHz) ?? []];

    /// <summary>Where each row lies among the mel bands: mel band i at i, a wavelet band where its middle is.</summary>
    public static double[] RowPositions(MelOptions mel)
    {
        var (low, high) = (ToMel(mel.MinFrequencyHz, mel.MelScale), ToMel(mel.MaxFrequencyHz, mel.MelScale));
        return RowCentersHz(mel).Select(hz => ((ToMel(hz, mel.MelScale) - low) * (mel.MelBins + 1) / (high - low)) - 1).ToArray();
    }

    // Slaney's Auditory Toolbox: 15 mels of 200/3 Hz up to 1 kHz, above it 27 mels to each factor of 6.4.
    private static double ToMel(double hz, MelScale scale) => scale == MelScale.Htk
        ? 2595 * Math.Log10(1 + (hz / 700))
        : hz < 1000 ? hz * 3 / 200 : 15 + (Math.Log(hz / 1000) * 27 / Math.Log(6.4));

    private static double ToHz(double mel, MelScale scale) => scale == MelScale.Htk
        ? 700 * (Math.Pow(10, mel / 2595) - 1)
        : mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);
}
