namespace StreamGenre.Training.Graph;

/// <summary>Resizing an axis as a matrix product: each row of the matrix holds the shares of the old cells in one new cell, which sum to 1.</summary>
internal static class Interpolation
{
    /// <summary>
    /// The matrix [to, from], row-major. Linear between the centres of cells as PyTorch's interpolate(align_corners=False, antialias=False): new cell i
    /// looks at (i + ½)·from/to − ½. Where an axis shrinks to less than half, linear interpolation would skip cells, so there each new cell is the mean
    /// of the cells it covers, ⌊i·from/to⌋ up to ⌈(i + 1)·from/to⌉, as PyTorch's interpolate(mode="area").
    /// </summary>
    public static float[] Matrix(long from, long to)
    {
        if (from < 1 || to < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(to), to, $"An axis of {from} can't be resized to {to}: sizes are 1 or more.");
        }

        var matrix = new float[to * from];
        for (var i = 0L; i < to; i++)
        {
            var row = matrix.AsSpan((int)(i * from), (int)from);
            if (from > 2 * to)
            {
                var start = (int)(i * from / to);
                var end = (int)((((i + 1) * from) + to - 1) / to);
                row[start..end].Fill(1f / (end - start));
                continue;
            }

            var centre = Math.Max(0, ((i + 0.5) * from / to) - 0.5);
            var left = (int)centre;
            var right = (int)Math.Min(left + 1, from - 1);
            row[left] += (float)(1 - (centre - left));
            row[right] += (float)(centre - left);
        }

        return matrix;
    }
}
