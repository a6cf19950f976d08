namespace StreamGenre.AudioFiles;

/// <summary>A file of plain samples behind a header (WAV, AU), or a pipe that carries one. What is not delivered as it is stored is converted (<see cref="SampleCodings"/>).</summary>
internal sealed class SampleFileSource : IAudioSource
{
    private readonly Stream _stream;
    private readonly SampleCoding _coding;
    private readonly int _storedFrameBytes;
    private long _remaining;
    private byte[] _stored = [];

    private SampleFileSource(Stream stream, SampleFileHeader header)
    {
        _stream = stream;
        _coding = header.Coding;
        _storedFrameBytes = header.Coding.SampleBytes() * header.Channels;
        _remaining = header.DataBytes ?? long.MaxValue;
        Format = new SourceFormat(header.Coding.Delivered(), header.SampleRateHz, header.Channels);
    }

    public SourceFormat Format { get; }

    /// <summary>Reads the header, such as by <see cref="WavHeader.ReadAsync"/>; the source owns the stream from then on, and disposes it when the header is refused.</summary>
    /// <exception cref="AudioSourceException">As the header's reader.</exception>
    public static async Task<SampleFileSource> OpenAsync(
        Stream stream, string name, Func<Stream, string, CancellationToken, Task<SampleFileHeader>> readHeader, CancellationToken cancellationToken)
    {
        try
        {
            return new SampleFileSource(stream, await readHeader(stream, name, cancellationToken));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var frames = (int)Math.Min(buffer.Length / Format.FrameBytes, _remaining / _storedFrameBytes);
        var wanted = frames * _storedFrameBytes;
        if (wanted == 0)
        {
            return 0;
        }

        Memory<byte> target;
        if (_coding.IsDelivered())
        {
            target = buffer[..wanted];
        }
        else
        {
            if (_stored.Length < wanted)
            {
                _stored = new byte[wanted];
            }

            target = _stored.AsMemory(0, wanted);
        }

        // A file cut short mid-copy is common: what is there is played, a torn last frame is left out.
        var read = await _stream.ReadAtLeastAsync(target, wanted, throwOnEndOfStream: false, cancellationToken);
        read -= read % _storedFrameBytes;
        _remaining = read < wanted ? 0 : _remaining - read;
        if (_coding.IsDelivered())
        {
            return read;
        }

        var bytes = read / _storedFrameBytes * Format.FrameBytes;
        _coding.Convert(target.Span[..read], buffer.Span[..bytes]);
        return bytes;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
