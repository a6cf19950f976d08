using System.Numerics;
using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Windowing;

/// <summary>
/// Lays a window's frames out as patches, raises them to the floor and normalises them, as the contract says; mel and wavelet bands each by themselves,
/// as their scales have nothing in common. Immutable.
/// </summary>
internal sealed class WindowFinish(ModelContract contract)
{
    // Keeps silence, where every cell is alike, from being divided by nothing.
    private const double LeastDeviation = 1e-6;

    private readonly int _rows = contract.Mel.Rows;

    // The blocks of a frame; a patch of several blocks is mel-major, so that each block's cells lie together in it too.
    private readonly Range[] _blocks = [.. contract.Mel.Blocks()];
    private readonly int _frames = contract.WindowFrames;

    /// <summary>Fills <paramref name="window"/>; frame f of it is frame f mod <c>ring.Count</c> of those in the ring.</summary>
    public void Fill(MelWindow window, FrameRing ring)
    {
        // The last patch ends with the window's last frame; frames before the first patch only count for the maximum.
        for (var patch = 0; patch < window.PatchCount; patch++)
        {
            var first = _frames - contract.PatchFrames - ((window.PatchCount - 1 - patch) * contract.PatchHopFrames);
            LayOut(window.Cells.Slice(patch * window.PatchCells, window.PatchCells), ring, first);
        }

        foreach (var block in _blocks)
        {
            var (first, rows) = block.GetOffsetAndLength(_rows);
            var floor = contract.FloorBelowMax is { } range ? Maximum(ring, block) - range : double.NegativeInfinity;
            for (var patch = 0; patch < window.PatchCount; patch++)
            {
                var cells = window.Cells.Slice((patch * window.PatchCells) + (first * contract.PatchFrames), rows * contract.PatchFrames);
                Raise(cells, (float)floor);
                if (contract.Normalization == WindowNormalization.Standardize)
                {
                    Standardize(cells);
                }
            }
        }
    }

    private static float Maximum(FrameRing ring, Range block)
    {
        var maximum = float.NegativeInfinity;
        for (var frame = 0; frame < ring.Count; frame++)
        {
            maximum = Math.Max(maximum, Maximum(ring.Frame(frame)[block]));
        }

        return maximum;
    }

    private static void Standardize(Span<float> cells)
    {
        var mean = Mean(cells, 0, squares: false);
        var deviation = Math.Sqrt(Mean(cells, mean, squares: true));
        var scale = (float)(1 / (deviation + LeastDeviation));
        var center = (float)mean;
        var i = 0;
        for (; i <= cells.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            ((new Vector<float>(cells[i..]) - new Vector<float>(center)) * scale).CopyTo(cells[i..]);
        }

        for (; i < cells.Length; i++)
        {
            cells[i] = (cells[i] - center) * scale;
        }
    }

    private static float Maximum(ReadOnlySpan<float> cells)
    {
        var maxima = new Vector<float>(float.NegativeInfinity);
        var i = 0;
        for (; i <= cells.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            maxima = Vector.Max(maxima, new Vector<float>(cells[i..]));
        }

        var maximum = maxima[0];
        for (var lane = 1; lane < Vector<float>.Count; lane++)
        {
            maximum = Math.Max(maximum, maxima[lane]);
        }

        for (; i < cells.Length; i++)
        {
            maximum = Math.Max(maximum, cells[i]);
        }

        return maximum;
    }

    private static void Raise(Span<float> cells, float floor)
    {
        var i = 0;
        for (; i <= cells.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Max(new Vector<float>(cells[i..]), new Vector<float>(floor)).CopyTo(cells[i..]);
        }

        for (; i < cells.Length; i++)
        {
            cells[i] = Math.Max(cells[i], floor);
        }
    }

    // Mean of x − offset or of its square, in double precision and in an order that does not depend on where the pool put the cells.
    private static double Mean(ReadOnlySpan<float> cells, double offset, bool squares)
    {
        var offsets = new Vector<double>(offset);
        var (lowSum, highSum) = (Vector<double>.Zero, Vector<double>.Zero);
        var i = 0;
        for (; i <= cells.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(cells[i..]), out var low, out var high);
            (low, high) = (low - offsets, high - offsets);
            lowSum += squares ? low * low : low;
            highSum += squares ? high * high : high;
        }

        var sum = Vector.Sum(lowSum + highSum);
        for (; i < cells.Length; i++)
        {
            var difference = cells[i] - offset;
            sum += squares ? difference * difference : difference;
        }

        return sum / cells.Length;
    }

    private void LayOut(Span<float> patch, FrameRing ring, int first)
    {
        for (var t = 0; t < contract.PatchFrames; t++)
        {
            var frame = ring.Frame((first + t) % ring.Count);
            if (contract.Layout == WindowLayout.FrameMajor)
            {
                frame.CopyTo(patch[(t * _rows)..]);
                continue;
            }

            for (var row = 0; row < frame.Length; row++)
            {
                patch[(row * contract.PatchFrames) + t] = frame[row];
            }
        }
    }
}
