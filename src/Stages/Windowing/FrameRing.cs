using System.Buffers;

namespace StreamGenre.Stages.Windowing;

/// <summary>The last frames of a stream; a spectrogram writes into it frame by frame.</summary>
internal sealed class FrameRing(int capacity, int rows) : IBufferWriter<float>
{
    private readonly float[] _cells = new float[capacity * rows];
    private int _next;

    /// <summary>Frames held; at most the capacity.</summary>
    public int Count { get; private set; }

    /// <summary>Frames ever written.</summary>
    public long Written { get; private set; }

    /// <summary>Frame <paramref name="index"/> of those held, 0 the oldest.</summary>
    public ReadOnlySpan<float> Frame(int index) => Slot((_next - Count + index + capacity) % capacity);

    public Span<float> GetSpan(int sizeHint = 0) => Slot(_next);

    public Memory<float> GetMemory(int sizeHint = 0) => _cells.AsMemory(_next * rows, rows);

    public void Advance(int count)
    {
        _next = (_next + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
        Written++;
    }

    private Span<float> Slot(int index) => _cells.AsSpan(index * rows, rows);
}
