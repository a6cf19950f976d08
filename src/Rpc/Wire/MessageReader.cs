using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>
/// Cuts a body into messages. They are deserialized out of the pipe's own buffers; what is not consumed stays in the pipe, and a full
/// pipe holds back HTTP/2's window updates, which is the back-pressure.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
internal sealed class MessageReader<T>(PipeReader pipe, Func<DeserializationContext, T> deserializer, string? encoding, int? maxSize)
{
    private readonly PayloadContext _context = new();
    private PooledBufferWriter? _decompressed;

    /// <summary>The message that the last <see cref="ReadAsync"/> brought.</summary>
    [AllowNull]
    public T Message { get; private set; }

    /// <summary>Whether that message came compressed.</summary>
    public bool WasCompressed { get; private set; }

    /// <summary>Waits for the next message; false at the end of the body.</summary>
    /// <exception cref="RpcException">INTERNAL for a broken frame or message, RESOURCE_EXHAUSTED for one over the limit.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            if (TryTake(result, out var hasMessage))
            {
                return hasMessage;
            }
        }
    }

    /// <summary>The one message that a unary side consists of.</summary>
    /// <returns>False when the body is empty.</returns>
    public async ValueTask<bool> ReadSingleAsync(CancellationToken cancellationToken)
    {
        if (!await ReadAsync(cancellationToken))
        {
            return false;
        }

        var message = Message;
        if (await ReadAsync(cancellationToken))
        {
            throw new RpcException(new Status(StatusCode.Internal, "A second message came where the method takes one."));
        }

        Message = message;
        return true;
    }

    private bool TryTake(in ReadResult result, out bool hasMessage)
    {
        var buffer = result.Buffer;
        hasMessage = false;
        if (TryReadHeader(buffer, out var isCompressed, out var length))
        {
            if (length > maxSize)
            {
                pipe.AdvanceTo(buffer.End);
                MessageSize.ThrowIfReceivedAbove(maxSize, length);
            }

            if (buffer.Length - GrpcHeaders.FrameHeaderLength >= length)
            {
                var payload = buffer.Slice(GrpcHeaders.FrameHeaderLength, length);
                try
                {
                    Message = isCompressed ? Decompress(payload) : _context.Deserialize(payload, deserializer);
                }
                finally
                {
                    pipe.AdvanceTo(payload.End);
                }

                WasCompressed = isCompressed;
                return hasMessage = true;
            }
        }

        if (result.IsCompleted)
        {
            var rest = buffer.Length;
            pipe.AdvanceTo(buffer.End);
            Message = default;
            return rest == 0
                ? true
                : throw new RpcException(new Status(StatusCode.Internal, $"The body ended inside a message, {rest} bytes after the message's begin."));
        }

        pipe.AdvanceTo(buffer.Start, buffer.End);
        return false;
    }

    private static bool TryReadHeader(in ReadOnlySequence<byte> buffer, out bool isCompressed, out long length)
    {
        isCompressed = false;
        length = 0;
        if (buffer.Length < GrpcHeaders.FrameHeaderLength)
        {
            return false;
        }

        Span<byte> copy = stackalloc byte[GrpcHeaders.FrameHeaderLength];
        scoped ReadOnlySpan<byte> header = buffer.FirstSpan;
        if (header.Length < GrpcHeaders.FrameHeaderLength)
        {
            buffer.Slice(0, GrpcHeaders.FrameHeaderLength).CopyTo(copy);
            header = copy;
        }

        isCompressed = header[0] switch
        {
            0 => false,
            1 => true,
            var flag => throw new RpcException(new Status(StatusCode.Internal, $"A message begins with the flag byte {flag}; only 0 (plain) and 1 (compressed) are known.")),
        };
        length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        return true;
    }

    private T Decompress(ReadOnlySequence<byte> payload)
    {
        if (encoding != GrpcHeaders.Gzip)
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"A message is marked as compressed, but grpc-encoding says '{encoding ?? GrpcHeaders.Identity}'."));
        }

        _decompressed ??= new PooledBufferWriter();
        try
        {
            GzipMessages.Decompress(payload, maxSize, _decompressed);
            return _context.Deserialize(new ReadOnlySequence<byte>(_decompressed.WrittenMemory), deserializer);
        }
        finally
        {
            _decompressed.Release();
        }
    }
}
