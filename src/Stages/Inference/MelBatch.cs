using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Inference;

/// <summary>
/// Windows on their way through the model, and their scores. Both buffers are made once, pinned, for the largest batch and used again for
/// every one; the batch belongs to one lane and is not safe for several threads.
/// </summary>
public sealed class MelBatch : IDisposable
{
    private readonly int _windowValues;

    /// <summary>A batch of at most <paramref name="maxWindows"/> windows for the model of <paramref name="contract"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxWindows"/> is not positive.</exception>
    public MelBatch(ModelContract contract, int maxWindows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxWindows, 1);
        MaxWindows = maxWindows;
        PatchesPerWindow = contract.PatchCount;
        Labels = contract.Labels.Count;
        PatchCells = contract.Mel.Rows * contract.PatchFrames;
        _windowValues = PatchesPerWindow * PatchCells;
        Input = GC.AllocateArray<float>(checked(maxWindows * _windowValues), pinned: true);
        ScoreBuffer = new float[maxWindows * Labels];
    }

    /// <summary>The most windows it takes.</summary>
    public int MaxWindows { get; }

    /// <summary>Windows in it now; set to 0 by <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Patches that each window is cut into.</summary>
    public int PatchesPerWindow { get; }

    /// <summary>Cells of one patch: rows (mel and wavelet bands) times frames.</summary>
    public int PatchCells { get; }

    /// <summary>Scores of a window.</summary>
    public int Labels { get; }

    /// <summary>Whether no further window fits.</summary>
    public bool IsFull => Count == MaxWindows;

    /// <summary>The model's input, <c>[MaxWindows × patches, 1, rows, frames]</c> (or frames, rows), pinned; the first <see cref="Count"/> windows count.</summary>
    internal float[] Input { get; }

    /// <summary>The scores, <c>[MaxWindows, labels]</c>.</summary>
    internal float[] ScoreBuffer { get; }

    /// <summary>What a classifier keeps with the batch from call to call (its tensors over this memory); disposed with the batch.</summary>
    internal IDisposable? Binding { get; set; }

    /// <summary>Copies a window behind those already in it. The window stays the caller's, to dispose of.</summary>
    /// <exception cref="InvalidOperationException">The batch is full, or the window has another number of patches than the model takes.</exception>
    public void Add(MelWindow window)
    {
        if (IsFull)
        {
            throw new InvalidOperationException($"The batch is full: it holds {MaxWindows} windows. Clear it before adding another.");
        }

        if (window.PatchCount != PatchesPerWindow)
        {
            throw new InvalidOperationException($"The window has {window.PatchCount} patches; this model takes {PatchesPerWindow}.");
        }

        var slot = Input.AsSpan(Count * _windowValues, _windowValues);
        for (var patch = 0; patch < PatchesPerWindow; patch++)
        {
            window.Patch(patch).CopyTo(slot.Slice(patch * PatchCells, PatchCells));
        }

        Count++;
    }

    /// <summary>Makes it empty.</summary>
    public void Clear() => Count = 0;

    /// <summary>The patches of a window as the model sees them, <c>[patches, rows, frames]</c> (or frames, rows).</summary>
    public ReadOnlySpan<float> Window(int index) => Input.AsSpan(Checked(index) * _windowValues, _windowValues);

    /// <summary>The scores of a window, <c>[labels]</c>; a classifier writes them, a lane reads them.</summary>
    public Span<float> Scores(int index) => ScoreBuffer.AsSpan(Checked(index) * Labels, Labels);

    /// <inheritdoc/>
    public void Dispose()
    {
        Binding?.Dispose();
        Binding = null;
    }

    private int Checked(int index) => (uint)index < (uint)Count
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The batch holds {Count} windows.");
}
