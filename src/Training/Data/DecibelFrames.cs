namespace StreamGenre.Training.Data;

/// <summary>Frames in single precision.</summary>
/// <param name="decibels">[mels, frames].</param>
/// <param name="melBins">Mel bands.</param>
/// <param name="count">Frames.</param>
internal sealed class DecibelFrames(float[] decibels, int melBins, int count) : IMelFrames
{
    /// <inheritdoc/>
    public int MelBins => melBins;

    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    void IMelFrames.CopyTo(int first, int count, Span<float> window)
    {
        for (var mel = 0; mel < MelBins; mel++)
        {
            decibels.AsSpan((mel * Count) + first, count).CopyTo(window.Slice(mel * count, count));
        }
    }
}
