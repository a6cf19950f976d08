using System.Buffers;
using System.IO.Compression;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Compresses and decompresses single messages; each is a gzip stream of its own.</summary>
internal static class GzipMessages
{
    public static void Compress(ReadOnlySpan<byte> payload, CompressionLevel level, IBufferWriter<byte> target)
    {
        using var stream = new BufferWriteStream(target);
        using var gzip = new GZipStream(stream, level);
        gzip.Write(payload);
    }

    /// <summary>Stops at the limit, so that a small message can't unfold into all of the memory.</summary>
    public static void Decompress(ReadOnlySequence<byte> payload, int? maxSize, PooledBufferWriter target)
    {
        using var stream = new SequenceReadStream(payload);
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        try
        {
            while (gzip.Read(target.GetSpan()) is > 0 and var count)
            {
                target.Advance(count);
                MessageSize.ThrowIfReceivedAbove(maxSize, target.WrittenCount, "unfolds to more than");
            }
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, "A received message is marked as compressed but is not gzip.", e));
        }
    }
}
