namespace StreamGenre.AudioFiles;

/// <summary>How a source delivers its samples; interleaved, little-endian.</summary>
public enum SampleEncoding
{
    /// <summary>16-bit integers.</summary>
    S16Le,

    /// <summary>32-bit floats, full scale ±1.</summary>
    F32Le,

    /// <summary>G.711 µ-law, one byte a sample.</summary>
    MuLaw,
}
