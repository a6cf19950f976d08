namespace StreamGenre.Training.Data;

/// <summary>Changes the number of frames of a stretch of spectrogram, pitch kept.</summary>
internal static class TimeScale
{
    /// <summary>
    /// Stretches or squeezes along time. Frame f of the result speaks for the stretch [f, f + 1) of the source's frames, scaled: where the source is longer, the mean power
    /// over that stretch (as a longer hop would have measured it); where it is shorter, the value between the two frames nearest to its middle.
    /// </summary>
    /// <param name="source">[rows, sourceFrames].</param>
    /// <param name="sourceFrames">Frames of the source; at least 1.</param>
    /// <param name="target">[rows, targetFrames].</param>
    /// <param name="targetFrames">Frames of the result; at least 1.</param>
    /// <param name="scale">What the cells are logarithms of.</param>
    public static void Apply(ReadOnlySpan<float> source, int sourceFrames, Span<float> target, int targetFrames, LogScale scale)
    {
        if (sourceFrames == targetFrames)
        {
            source.CopyTo(target);
            return;
        }

        var ratio = (double)sourceFrames / targetFrames;
        for (var row = 0; row < target.Length / targetFrames; row++)
        {
            var from = source.Slice(row * sourceFrames, sourceFrames);
            var to = target.Slice(row * targetFrames, targetFrames);
            for (var frame = 0; frame < targetFrames; frame++)
            {
                to[frame] = ratio > 1 ? Mean(from, frame * ratio, (frame + 1) * ratio, scale) : Between(from, ((frame + 0.5) * ratio) - 0.5);
            }
        }
    }

    private static float Mean(ReadOnlySpan<float> row, double start, double end, LogScale scale)
    {
        var power = 0.0;
        for (var frame = (int)start; frame < row.Length && frame < end; frame++)
        {
            power += scale.ToPower(row[frame]) * (Math.Min(end, frame + 1) - Math.Max(start, frame));
        }

        return scale.FromPower(power / (Math.Min(end, row.Length) - start));
    }

    private static float Between(ReadOnlySpan<float> row, double at)
    {
        var place = Math.Clamp(at, 0, row.Length - 1);
        var before = (int)place;
        var after = Math.Min(before + 1, row.Length - 1);
        return (float)(row[before] + ((row[after] - row[before]) * (place - before)));
    }
}
