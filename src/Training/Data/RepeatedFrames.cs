namespace StreamGenre.Training.Data;

/// <summary>Frames of a recording shorter than a window, repeated in turn until the window is full: what the server does with a stream that ends before its first window does.</summary>
/// <param name="frames">The recording's.</param>
/// <param name="length">Frames wanted.</param>
internal sealed class RepeatedFrames(IMelFrames frames, int length) : IMelFrames
{
    /// <inheritdoc/>
    public int MelBins => frames.MelBins;

    /// <inheritdoc/>
    public int Count => length;

    /// <inheritdoc/>
    public void CopyTo(int first, int count, Span<float> window)
    {
        var all = new float[MelBins * frames.Count];
        frames.CopyTo(0, frames.Count, all);
        for (var mel = 0; mel < MelBins; mel++)
        {
            var row = all.AsSpan(mel * frames.Count, frames.Count);
            var target = window.Slice(mel * count, count);
            for (var frame = 0; frame < count; frame++)
            {
                target[frame] = row[(first + frame) % row.Length];
            }
        }
    }
}
