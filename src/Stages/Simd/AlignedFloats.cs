using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StreamGenre.Stages.Simd;

/// <summary>
/// Floats that begin on a cache line, so that no vector load straddles two. They lie on the pinned heap and never move:
/// <see cref="Pointer"/> holds as long as this object is reachable (callers end with GC.KeepAlive).
/// </summary>
internal sealed unsafe class AlignedFloats
{
    private const int LineBytes = 64;

    private readonly float[] _array;
    private readonly int _offset;

    public AlignedFloats(int length)
    {
        _array = GC.AllocateArray<float>(length + (LineBytes / sizeof(float)), pinned: true);
        Length = length;
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        _offset = (int)((LineBytes - (address % LineBytes)) % LineBytes) / sizeof(float);
        Pointer = (float*)address + _offset;
    }

    public int Length { get; }

    public float* Pointer { get; }

    public Span<float> Span => _array.AsSpan(_offset, Length);
}
