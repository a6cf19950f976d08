using System.Buffers;

namespace StreamGenre.Stages.Windowing;

/// <summary>
/// One window of a stream, ready for the network: floored, normalised and laid out as the model's contract says.
/// The cells lie in a pooled array. Owner: whoever holds the window; the one who consumes it last (the batcher, once the scores are in)
/// calls <see cref="Dispose"/> exactly once, after which the cells must not be read.
/// </summary>
public sealed class MelWindow : IDisposable
{
    private float[]? _cells;

    /// <summary>Rents a window of zeros.</summary>
    /// <param name="patchCount">Patches in the window; at least 1.</param>
    /// <param name="patchCells">Cells of one patch: rows (mel and wavelet bands) times frames.</param>
    public MelWindow(int patchCount, int patchCells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patchCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchCells, 1);
        PatchCount = patchCount;
        PatchCells = patchCells;
        _cells = ArrayPool<float>.Shared.Rent(patchCount * patchCells);
        Cells.Clear();
    }

    /// <summary>Number of the window in its stream, from 0.</summary>
    public long Index { get; init; }

    /// <summary>Audio time at which the window begins, counted in samples of the stream.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>Audio time at which the window ends.</summary>
    public TimeSpan End { get; init; }

    /// <summary>Root mean square of the window's mono samples in dB relative to full scale (a full-scale square wave is 0); −120 at the least.</summary>
    public double LevelDbfs { get; init; }

    /// <summary>Whether the stream's gate was closed at this window: nothing is heard in it, and it needs no scores.</summary>
    public bool IsSilent { get; init; }

    /// <summary>True for a last window that the end of the stream cut: it ends where the stream ends, off the window grid.</summary>
    public bool IsPartial { get; init; }

    /// <summary>When the host received the window's last sample, in its own clock's timestamps; the stages never read it.</summary>
    public long ArrivalTimestamp { get; set; }

    /// <summary>Patches in this window; at least 1.</summary>
    public int PatchCount { get; }

    /// <summary>Cells of one patch: rows (mel and wavelet bands) times patch frames.</summary>
    public int PatchCells { get; }

    /// <summary>All cells, patch after patch; whoever makes the window fills them.</summary>
    public Span<float> Cells => _cells is { } cells
        ? cells.AsSpan(0, PatchCount * PatchCells)
        : throw new ObjectDisposedException(nameof(MelWindow));

    /// <summary>Patch <paramref name="index"/>: [rows, frames] or [frames, rows], as the contract's layout says.</summary>
    public ReadOnlySpan<float> Patch(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, PatchCount);
        return Cells.Slice(index * PatchCells, PatchCells);
    }

    /// <summary>Gives the cells back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _cells, null) is { } cells)
        {
            ArrayPool<float>.Shared.Return(cells);
        }
    }
}
