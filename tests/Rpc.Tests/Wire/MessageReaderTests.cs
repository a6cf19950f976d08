using System.IO.Compression;
using System.IO.Pipelines;
using FsCheck.Fluent;
using Grpc.Core;
using Grpc.Wire;
using Check = FsCheck.Check;

namespace StreamGenre.Rpc.Tests.Wire;

public sealed class MessageReaderTests
{
    // Where the bytes are cut is HTTP/2's business: the messages must not depend on it.
    [Fact]
    public void ReadAsync_AnyChunking_SameMessages() => Check.QuickThrowOnFailure(
        Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), ArbMap.Default.ArbFor<byte[]>(), (payloads, cuts) =>
        {
            var compress = cuts.Length % 2 == 1;
            var framed = new PooledBufferWriter();
            var framer = new MessageFramer(null);
            foreach (var payload in payloads)
            {
                framer.Write(payload, (message, context) => context.Complete(message), framed, compress);
            }

            Assert.Equal(payloads, ReadInChunks(framed.WrittenSpan.ToArray(), cuts));
        }));

    [Fact]
    public async Task ReadAsync_SmallMessages_AllocatesNothingBesidesThem()
    {
        const int Count = 1000;
        var framed = new PooledBufferWriter();
        var framer = new MessageFramer(null);
        for (var i = 0; i < Count; i++)
        {
            framer.Write("x"u8.ToArray(), (message, context) => context.Complete(message), framed, compress: false);
        }

        var message = new object();
        var reader = new MessageReader<object>(
            PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(framed.WrittenMemory)), _ => message, null, null);
        Assert.True(await reader.ReadAsync(CancellationToken.None));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < Count; i++)
        {
            var read = reader.ReadAsync(CancellationToken.None);
            Assert.True(read.IsCompletedSuccessfully);
            Assert.True(await read);
        }

        // Less than a byte a message: what tiered compilation does meanwhile may allocate a little.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Count - 1);
    }

    [Fact]
    public async Task ReadAsync_FourGibibytesAnnounced_ResourceExhaustedAtOnce()
    {
        var reader = new MessageReader<byte[]>(
            PipeReader.Create(new MemoryStream([0, 0xff, 0xff, 0xff, 0xff])), context => context.PayloadAsNewBuffer(), null, 4 << 20);
        await Failing.WithAsync(StatusCode.ResourceExhausted, reader.ReadAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public void Write_KnownLength_StraightIntoTarget()
    {
        var target = new PooledBufferWriter();
        new MessageFramer(null).Write(
            "abc",
            (_, context) =>
            {
                context.SetPayloadLength(3);
                Assert.Same(target, context.GetBufferWriter());
                "abc"u8.CopyTo(context.GetBufferWriter().GetSpan(3));
                context.GetBufferWriter().Advance(3);
                context.Complete();
            },
            target,
            compress: false);
        Assert.Equal([0, 0, 0, 0, 3, (byte)'a', (byte)'b', (byte)'c'], target.WrittenSpan.ToArray());
    }

    [Fact]
    public void Write_SerializerForgetsComplete_Throws() => Assert.Throws<InvalidOperationException>(() =>
        new MessageFramer(null, CompressionLevel.Fastest).Write("abc", (_, context) => context.SetPayloadLength(3), new PooledBufferWriter(), compress: false));

    private static List<byte[]> ReadInChunks(byte[] bytes, byte[] cuts)
    {
        var pipe = new Pipe();
        var reader = new MessageReader<byte[]>(pipe.Reader, context => context.PayloadAsNewBuffer(), GrpcHeaders.Gzip, null);
        var messages = new List<byte[]>();
        var reading = Task.Run(async () =>
        {
            while (await reader.ReadAsync(CancellationToken.None))
            {
                messages.Add(reader.Message);
            }
        });
        var rest = bytes.AsMemory();
        foreach (var cut in cuts)
        {
            var count = Math.Min(cut % 7, rest.Length);
            pipe.Writer.WriteAsync(rest[..count]).AsTask().GetAwaiter().GetResult();
            rest = rest[count..];
        }

        pipe.Writer.WriteAsync(rest).AsTask().GetAwaiter().GetResult();
        pipe.Writer.Complete();
        reading.WaitAsync(RawCall.Limit).GetAwaiter().GetResult();
        return messages;
    }
}
