using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Inference;

/// <summary>
/// Windows on their way through the model, and their scores. Both buffers are made once for the largest batch and used again for every one; the
/// batch belongs to one lane and is not safe for several threads. Dispose of it before the classifier that it was given to.
/// </summary>
public sealed class MelBatch : IDisposable
{
    private readonly int _windowValues;
    private float[]? _ownInput;
    private BatchTensors? _tensors;

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

    /// <summary>
    /// The model's input, <c>[MaxWindows × patches, 1, rows, frames]</c> (or frames, rows), where the classifier wants it: <see cref="OwnInput"/>, or
    /// memory that a device reads. The first <see cref="Count"/> windows count.
    /// </summary>
    internal Span<float> Input => _tensors is { } tensors ? tensors.Input : OwnInput;

    /// <summary>Pinned memory of the batch's own for its input, made when it is first asked for.</summary>
    internal float[] OwnInput => _ownInput ??= GC.AllocateArray<float>(checked(MaxWindows * _windowValues), pinned: true);

    /// <summary>The scores, <c>[MaxWindows, labels]</c>.</summary>
    internal float[] ScoreBuffer { get; }

    /// <summary>What a classifier keeps with the batch from call to call; a new one takes over the windows. Disposed with the batch.</summary>
    internal BatchTensors? Tensors
    {
        get => _tensors;
        set
        {
            Input.CopyTo(value!.Input);
            _tensors?.Dispose();
            _tensors = value;
            _ownInput = value is HostTensors ? _ownInput : null;
        }
    }

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

        var slot = Input.Slice(Count * _windowValues, _windowValues);
        for (var patch = 0; patch < PatchesPerWindow; patch++)
        {
            window.Patch(patch).CopyTo(slot.Slice(patch * PatchCells, PatchCells));
        }

        Count++;
    }

    /// <summary>Makes it empty.</summary>
    public void Clear() => Count = 0;

    /// <summary>The patches of a window as the model sees them, <c>[patches, rows, frames]</c> (or frames, rows).</summary>
    public ReadOnlySpan<float> Window(int index) => Input.Slice(Checked(index) * _windowValues, _windowValues);

    /// <summary>The scores of a window, <c>[labels]</c>; a classifier writes them, a lane reads them.</summary>
    public Span<float> Scores(int index) => ScoreBuffer.AsSpan(Checked(index) * Labels, Labels);

    /// <inheritdoc/>
    public void Dispose()
    {
        _tensors?.Dispose();
        _tensors = null;
    }

    private int Checked(int index) => (uint)index < (uint)Count
        ? index
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"The batch holds {Count} windows.");
}
