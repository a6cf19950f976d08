namespace StreamGenre.Stages.Contract;

/// <summary>The orthogonal wavelet whose pair of filters splits the audio; PyWavelets' names.</summary>
public enum WaveletFamily
{
    /// <summary>Two taps, one vanishing moment (Haar 1910).</summary>
    Haar,

    /// <summary>Eight taps, four vanishing moments, extremal phase (Daubechies 1992, table 6.1).</summary>
    Db4,

    /// <summary>Sixteen taps, eight vanishing moments, extremal phase: twice the work of <see cref="Db4"/> and steeper band edges.</summary>
    Db8,

    /// <summary>Sixteen taps, eight vanishing moments, least asymmetric (Daubechies 1992, table 6.3): every frequency delayed nearly alike.</summary>
    Sym8,
}
