namespace StreamGenre.Stages.Contract;

/// <summary>
/// The wavelet bands that stand beside the mel bands in every frame. A cascade of wavelet filters halves the band <see cref="Octaves"/> times, each time
/// keeping the upper half (the dyadic transform); each of the Octaves + 1 parts is then halved <see cref="Splits"/> times at both ends (a wavelet packet).
/// So Octaves alone is the discrete wavelet transform, Splits alone the full wavelet packet of even bands, and both together give the ear's
/// resolution: 2^Splits bands an octave.
/// </summary>
public sealed record WaveletOptions
{
    /// <summary>The pair of filters.</summary>
    public WaveletFamily Family { get; init; } = WaveletFamily.Db4;

    /// <summary>Octaves that are taken off the top, 0..10.</summary>
    public int Octaves { get; init; } = 5;

    /// <summary>Halvings of each octave and of what is left below them, 0..6.</summary>
    public int Splits { get; init; } = 3;

    /// <summary>Bands of a frame, lowest frequency first: (Octaves + 1)·2^Splits.</summary>
    public int Bands => (Octaves + 1) << Splits;

    /// <summary>Samples from one coefficient of the narrowest bands to the next: 2^(Octaves + Splits).</summary>
    public int Decimation => 1 << (Octaves + Splits);

    /// <summary>Everything wrong with these options at such a hop, each with the offending value; empty when they are sound.</summary>
    /// <param name="hopSamples">Samples from one frame to the next: every frame needs a coefficient of its own in every band.</param>
    public IReadOnlyList<string> Errors(int hopSamples)
    {
        var errors = new List<string>();
        if (!Enum.IsDefined(Family))
        {
            errors.Add($"wavelet is {Family}; it must be one of {string.Join(", ", Enum.GetValues<WaveletFamily>().Select(ContractText.Snake))}");
        }

        if (Octaves is < 0 or > 10)
        {
            errors.Add($"wavelet_octaves is {Octaves}; it must be 0..10");
        }

        if (Splits is < 0 or > 6)
        {
            errors.Add($"wavelet_splits is {Splits}; it must be 0..6");
        }

        if (errors.Count == 0 && Octaves + Splits == 0)
        {
            errors.Add("wavelet_octaves and wavelet_splits are both 0; one of them must be at least 1");
        }

        if (errors.Count == 0 && Decimation > hopSamples)
        {
            errors.Add(
                $"wavelet_octaves ({Octaves}) and wavelet_splits ({Splits}) give a coefficient every {Decimation} samples; "
                + $"at most hop_samples ({hopSamples}) are allowed: lower one of them");
        }

        return errors;
    }

    /// <summary>Middle of each band, in Hz, lowest first.</summary>
    public double[] CentersHz(int sampleRateHz)
    {
        var centers = new double[Bands];
        var perPart = 1 << Splits;
        for (var band = 0; band < centers.Length; band++)
        {
            // Part 0 is what the octaves leave; part p reaches from rate / 2^(Octaves + 2 − p) to twice that.
            var part = band / perPart;
            var width = sampleRateHz / Math.Pow(2, Octaves + 1 - Math.Max(0, part - 1));
            var low = part == 0 ? 0 : width;
            centers[band] = low + (width * ((band % perPart) + 0.5) / perPart);
        }

        return centers;
    }
}
