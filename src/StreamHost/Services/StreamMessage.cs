using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.ObjectPool;

namespace StreamGenre.StreamHost.Services;

/// <summary>
/// A request of Classify or Publish, which look the same on the wire: a config, audio, or neither when it is empty. Whoever reads it calls
/// <see cref="Release"/> once the audio has been taken in; message and buffer are then used for others.
/// </summary>
/// <remarks>The generated class would copy all audio into an array of its own, 44 kB for each second of 22 kHz mono: nine tenths of all garbage.</remarks>
internal sealed class StreamMessage
{
    private const uint AudioTag = (V1.ClassifyRequest.AudioFieldNumber << 3) | (uint)WireFormat.WireType.LengthDelimited;

    private static readonly ObjectPool<StreamMessage> Pool = new DefaultObjectPool<StreamMessage>(new DefaultPooledObjectPolicy<StreamMessage>());

    private byte[] _buffer = [];

    /// <summary>The settings; null when this is not a config.</summary>
    public V1.StreamConfig? Config { get; private set; }

    /// <summary>The audio; null when this is none.</summary>
    public ReadOnlyMemory<byte>? Audio { get; private set; }

    /// <summary>Reads one; the write side is the client's, which sends the generated messages.</summary>
    public static Marshaller<StreamMessage> Marshaller { get; } = Marshallers.Create<StreamMessage>(
        static (_, _) => throw new NotSupportedException("A server does not send requests."),
        static context => Read(context.PayloadAsReadOnlySequence()));

    /// <summary>Reads a message off the wire.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is no such message.</exception>
    public static StreamMessage Read(ReadOnlySequence<byte> payload)
    {
        var message = Pool.Get();
        if (!message.TryTakeAudio(payload))
        {
            // A config, audio in an unusual form, or something from a later version of the contract: rare, so the generated code may have it.
            var request = V1.ClassifyRequest.Parser.ParseFrom(payload);
            message.Config = request.PayloadCase == V1.ClassifyRequest.PayloadOneofCase.Config ? request.Config : null;
            message.Audio = request.PayloadCase == V1.ClassifyRequest.PayloadOneofCase.Audio ? request.Audio.Memory : default(ReadOnlyMemory<byte>?);
        }

        return message;
    }

    /// <summary>Gives the message back.</summary>
    public void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        (Config, Audio) = (null, null);
        Pool.Return(this);
    }

    /// <summary>Takes the form that every client sends: the audio field and nothing else.</summary>
    private bool TryTakeAudio(ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(payload);
        if (!reader.TryRead(out var tag) || tag != AudioTag || !TryReadLength(ref reader, out var length) || reader.Remaining != length)
        {
            return false;
        }

        _buffer = ArrayPool<byte>.Shared.Rent(length);
        reader.UnreadSequence.CopyTo(_buffer);
        Audio = _buffer.AsMemory(0, length);
        return true;
    }

    // A base-128 varint of up to 31 bits.
    private static bool TryReadLength(ref SequenceReader<byte> reader, out int length)
    {
        var value = 0L;
        for (var shift = 0; shift < 35 && reader.TryRead(out var part); shift += 7)
        {
            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                length = (int)value;
                return value <= int.MaxValue;
            }
        }

        length = 0;
        return false;
    }
}
