using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Where a serializer puts a message. Either <see cref="Complete(byte[])"/> with the whole payload, or <see cref="SetPayloadLength"/>
/// (optional; saves a copy), <see cref="GetBufferWriter"/> and <see cref="Complete()"/>.
/// </summary>
public abstract class SerializationContext
{
    /// <summary>Takes a payload made elsewhere and ends the message.</summary>
    /// <param name="payload">The serialized message.</param>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException();

    /// <summary>The buffer to write the message into.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException();

    /// <summary>Says how many bytes will be written; call it before <see cref="GetBufferWriter"/>.</summary>
    /// <param name="payloadLength">Exactly as many bytes as will be written.</param>
    public virtual void SetPayloadLength(int payloadLength) => throw new NotSupportedException();

    /// <summary>Ends the message that was written into the buffer.</summary>
    public virtual void Complete() => throw new NotSupportedException();
}
