using System.Buffers;

namespace Grpc.Wire;

/// <summary>
/// A growing buffer out of the shared pool. Its owner calls <see cref="Release"/> when the message that lies in it is done with;
/// the next write rents anew, so an idle call holds no memory.
/// </summary>
internal sealed class PooledBufferWriter : IBufferWriter<byte>
{
    private byte[] _buffer = [];

    public int WrittenCount { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, WrittenCount);

    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, WrittenCount);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - WrittenCount);
        WrittenCount += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(WrittenCount);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(WrittenCount);
    }

    /// <summary>Makes room for a whole message at once, so that it does not grow by steps.</summary>
    public void Reserve(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (_buffer.Length - WrittenCount >= needed)
        {
            return;
        }

        // Doubling, up to the longest array that there is.
        var length = Math.Max(WrittenCount + (long)needed, Math.Min(Math.Max(256, 2L * _buffer.Length), Array.MaxLength));
        var larger = ArrayPool<byte>.Shared.Rent(checked((int)length));
        WrittenSpan.CopyTo(larger);
        Return();
        _buffer = larger;
    }

    public void Release()
    {
        Return();
        _buffer = [];
        WrittenCount = 0;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
