namespace StreamGenre.Stages.Audio;

/// <summary>How one sample of one channel is written in a stream's bytes; channels are interleaved.</summary>
public enum PcmEncoding
{
    /// <summary>Signed 16-bit, little endian; full scale 32,768.</summary>
    S16Le,

    /// <summary>IEEE 754 single precision, little endian; full scale 1.</summary>
    F32Le,

    /// <summary>ITU-T G.711 µ-law, one byte a sample.</summary>
    MuLaw,
}
