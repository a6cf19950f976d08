using System.Buffers;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Shows a deserializer the message where it lies in the receive buffer; one object serves all messages of a call.</summary>
internal sealed class PayloadContext : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    public T Deserialize<T>(ReadOnlySequence<byte> payload, Func<DeserializationContext, T> deserializer)
    {
        _payload = payload;
        try
        {
            return deserializer(this);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"A received message can't be read as {typeof(T).Name}: {e.Message}", e));
        }
        finally
        {
            // A message kept alive must not keep the receive buffer alive.
            _payload = default;
        }
    }
}
