namespace StreamGenre.Stages.Wavelet;

/// <summary>One band of the cascade.</summary>
/// <param name="Path">The filters from the audio down, true for high-pass.</param>
/// <param name="DelaySamples">How far behind its input a coefficient speaks: the centroid of the squared impulse response of the filters on the path.</param>
internal sealed record WaveletBand(bool[] Path, double DelaySamples)
{
    /// <summary>Samples from one coefficient to the next: 2^(length of the path).</summary>
    public int Decimation => 1 << Path.Length;
}
