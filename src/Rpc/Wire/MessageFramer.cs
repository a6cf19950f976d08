using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>
/// Writes messages as frames. One whose length is known beforehand goes straight into the target; a compressed one, or one of unknown
/// length, is gathered first. One object serves all messages of a call.
/// </summary>
internal sealed class MessageFramer(int? maxSize, CompressionLevel level = CompressionLevel.Fastest) : SerializationContext
{
    private PooledBufferWriter? _gathered;
    private IBufferWriter<byte> _target = null!;
    private State _state;
    private bool _compress;
    private int? _length;

    private enum State
    {
        Idle,
        Begun,
        Direct,
        Gathering,
        Done,
    }

    public void Write<T>(T message, Action<T, SerializationContext> serializer, IBufferWriter<byte> target, bool compress)
    {
        _target = target;
        _compress = compress;
        _length = null;
        _state = State.Begun;
        try
        {
            serializer(message, this);
            if (_state != State.Done)
            {
                throw new InvalidOperationException($"The serializer of {typeof(T).Name} returned without SerializationContext.Complete.");
            }
        }
        finally
        {
            _state = State.Idle;
            _target = null!;
            _gathered?.Release();
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        Expect(State.Begun);
        MessageSize.ThrowIfSentAbove(maxSize, payloadLength);
        _length = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_state is State.Direct or State.Gathering)
        {
            return _state == State.Direct ? _target : _gathered!;
        }

        Expect(State.Begun);
        if (!_compress && _length is { } length)
        {
            _state = State.Direct;
            WriteHeader(false, length);
            return _target;
        }

        _state = State.Gathering;
        _gathered ??= new PooledBufferWriter();
        _gathered.Reserve(_length ?? 0);
        return _gathered;
    }

    public override void Complete()
    {
        switch (_state)
        {
            case State.Begun when _length is null or 0:
                Frame([]);
                break;
            case State.Gathering:
                Frame(_gathered!.WrittenSpan);
                break;
            default:
                Expect(State.Direct);
                break;
        }

        _state = State.Done;
    }

    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        Expect(State.Begun);
        Frame(payload);
        _state = State.Done;
    }

    private void Frame(ReadOnlySpan<byte> payload)
    {
        MessageSize.ThrowIfSentAbove(maxSize, payload.Length);
        if (!_compress)
        {
            WriteHeader(false, payload.Length);
            _target.Write(payload);
            return;
        }

        var compressed = new PooledBufferWriter();
        try
        {
            GzipMessages.Compress(payload, level, compressed);
            WriteHeader(true, compressed.WrittenCount);
            _target.Write(compressed.WrittenSpan);
        }
        finally
        {
            compressed.Release();
        }
    }

    private void WriteHeader(bool isCompressed, int length)
    {
        var header = _target.GetSpan(GrpcHeaders.FrameHeaderLength);
        header[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
        _target.Advance(GrpcHeaders.FrameHeaderLength);
    }

    private void Expect(State state)
    {
        if (_state != state)
        {
            throw new InvalidOperationException("A serializer calls either Complete(payload), or SetPayloadLength, GetBufferWriter and Complete(), in this order and once.");
        }
    }
}
