namespace StreamGenre.StreamHost.Spectrograms;

/// <summary>How to read a spectrogram's bytes: one column after the other, each one byte a band, the lowest band first.</summary>
/// <param name="Bands">Mel bands in a column.</param>
/// <param name="ColumnsPerSecond">Columns to a second of audio.</param>
/// <param name="MinFrequencyHz">Lower edge of the lowest band.</param>
/// <param name="MaxFrequencyHz">Upper edge of the highest.</param>
/// <param name="MelScale">Slaney or Htk: how the bands are spaced between.</param>
/// <param name="FloorDb">Level of byte 0; in dB of the mel spectrogram's power.</param>
/// <param name="StepDb">Level from one byte to the next.</param>
internal sealed record SpectrogramFormat(int Bands, double ColumnsPerSecond, double MinFrequencyHz, double MaxFrequencyHz, string MelScale, double FloorDb, double StepDb);
