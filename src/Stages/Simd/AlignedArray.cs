using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StreamGenre.Stages.Simd;

/// <summary>
/// Numbers that begin on a cache line, so that no vector load straddles two. They lie on the pinned heap and never move:
/// <see cref="Pointer"/> holds as long as this object is reachable (callers end with GC.KeepAlive).
/// </summary>
internal sealed unsafe class AlignedArray<T>
    where T : unmanaged
{
    private const int LineBytes = 64;

    private readonly T[] _array;
    private readonly int _offset;

    public AlignedArray(int length)
    {
        _array = GC.AllocateArray<T>(length + (LineBytes / sizeof(T)), pinned: true);
        Length = length;
        var address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        _offset = (int)((LineBytes - (address % LineBytes)) % LineBytes) / sizeof(T);
        Pointer = (T*)address + _offset;
    }

    public int Length { get; }

    public T* Pointer { get; }

    public Span<T> Span => _array.AsSpan(_offset, Length);
}
