using System.Buffers.Binary;
using Google.Protobuf;
using StreamGenre.AudioFiles;

namespace StreamGenre.StreamHost.LoadTest;

/// <summary>
/// What the clients send: loud noise with a beat, the same bytes for all of them, each from another place on. How long the server takes does
/// not depend on what is heard, as long as it is not silence.
/// </summary>
internal sealed class LoadSound
{
    // Bytes shared by all streams: small enough not to matter beside what is measured.
    private const int Chunks = 64;

    private readonly byte[] _bytes;
    private readonly int _chunkBytes;
    private readonly int _offset;

    private LoadSound(byte[] bytes, int chunkBytes, int offset)
    {
        _bytes = bytes;
        _chunkBytes = chunkBytes;
        _offset = offset;
    }

    /// <summary>Makes the sound.</summary>
    public static LoadSound Create(SourceFormat format, int chunkFrames)
    {
        var bytes = new byte[Chunks * chunkFrames * format.FrameBytes];
        var random = new Random(1);
        for (var frame = 0; frame < Chunks * chunkFrames; frame++)
        {
            var beat = 1 - (frame % (format.SampleRateHz / 2) / (format.SampleRateHz / 2.0));
            for (var channel = 0; channel < format.Channels; channel++)
            {
                var sample = (short)(12_000 * beat * ((2 * random.NextDouble()) - 1));
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan((frame * format.FrameBytes) + (2 * channel)), sample);
            }
        }

        return new LoadSound(bytes, chunkFrames * format.FrameBytes, 0);
    }

    /// <summary>The same from another place on.</summary>
    public LoadSound From(int chunk) => new(_bytes, _chunkBytes, chunk % Chunks);

    /// <summary>Chunk <paramref name="number"/> of the stream; not copied.</summary>
    public ByteString Chunk(long number) =>
        UnsafeByteOperations.UnsafeWrap(_bytes.AsMemory((int)((number + _offset) % Chunks) * _chunkBytes, _chunkBytes));
}
