namespace StreamGenre.Stages.Contract;

/// <summary>The window function laid over each frame of samples.</summary>
public enum WindowFunction
{
    /// <summary>0.5 − 0.5·cos(2πn/N), n = 0..N−1 (librosa's and torch's default).</summary>
    HannPeriodic,

    /// <summary>0.54 − 0.46·cos(2πn/N).</summary>
    HammingPeriodic,

    /// <summary>All ones.</summary>
    Rectangular,
}

/// <summary>The mel scale that spaces the band edges.</summary>
public enum MelScale
{
    /// <summary>Linear under 1 kHz (200/3 Hz a mel), logarithmic above (Slaney's Auditory Toolbox, librosa's default).</summary>
    Slaney,

    /// <summary>2595·log10(1 + f/700).</summary>
    Htk,
}

/// <summary>How a band's triangle is scaled.</summary>
public enum MelNorm
{
    /// <summary>Peak 1.</summary>
    None,

    /// <summary>Area 1 over Hz: times 2/(upper edge − lower edge).</summary>
    Slaney,
}

/// <summary>Over which axis the flanks of the triangles are straight lines.</summary>
public enum MelTriangle
{
    /// <summary>Over Hz (librosa, torchaudio).</summary>
    LinearInHz,

    /// <summary>Over mel, with the weight of FFT bin 0 set to zero (TensorFlow's linear_to_mel_weight_matrix, YAMNet).</summary>
    LinearInMel,
}

/// <summary>What of a spectrum enters the mel bands.</summary>
public enum SpectrumKind
{
    /// <summary>|X|².</summary>
    Power,

    /// <summary>|X|.</summary>
    Magnitude,
}

/// <summary>The logarithm taken of a mel band.</summary>
public enum LogRule
{
    /// <summary>10·log10(max(offset, x)).</summary>
    Decibel,

    /// <summary>ln(x + offset).</summary>
    NaturalWithOffset,
}

/// <summary>How a finished window is normalised before the network sees it.</summary>
public enum WindowNormalization
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>Minus the mean, over the standard deviation (plus 1e-6), both over all cells of one patch (of its mel and of its wavelet bands apart).</summary>
    Standardize,
}

/// <summary>The order of a window's two axes in the model's input.</summary>
public enum WindowLayout
{
    /// <summary>[rows, frames], mel bin 0 the lowest frequency; wavelet bands behind the mel bands.</summary>
    MelMajor,

    /// <summary>[frames, mels].</summary>
    FrameMajor,
}

/// <summary>What the model's output holds.</summary>
public enum ScoreKind
{
    /// <summary>Unnormalised; the classifier takes softmax(logits / temperature).</summary>
    Logits,

    /// <summary>Probabilities that sum to 1, taken as they are.</summary>
    Probabilities,

    /// <summary>Independent probabilities, one a label (a sigmoid's); taken as they are, and not made to sum to 1.</summary>
    IndependentProbabilities,
}
