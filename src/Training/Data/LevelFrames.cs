namespace StreamGenre.Training.Data;

/// <summary>Frames as 16-bit levels, half the memory of single precision: a cell is <c>low + level · step</c> dB.</summary>
/// <param name="levels">[frames, mels]: a window is one run of memory, as it is in the cache's files.</param>
/// <param name="melBins">Mel bands.</param>
/// <param name="low">Level 0, in dB.</param>
/// <param name="step">One level, in dB.</param>
internal sealed class LevelFrames(ushort[] levels, int melBins, float low, float step) : IMelFrames
{
    /// <inheritdoc/>
    public int MelBins => melBins;

    /// <inheritdoc/>
    public int Count => levels.Length / melBins;

    /// <inheritdoc/>
    public void CopyTo(int first, int count, Span<float> window) => Unpack(levels.AsSpan(first * melBins, count * melBins), melBins, low, step, window);

    /// <summary>From levels [frames, mels] to a window [mels, frames] in dB.</summary>
    internal static void Unpack(ReadOnlySpan<ushort> levels, int melBins, float low, float step, Span<float> window)
    {
        var count = levels.Length / melBins;
        for (var frame = 0; frame < count; frame++)
        {
            var column = levels.Slice(frame * melBins, melBins);
            for (var mel = 0; mel < melBins; mel++)
            {
                window[(mel * count) + frame] = low + (column[mel] * step);
            }
        }
    }
}
