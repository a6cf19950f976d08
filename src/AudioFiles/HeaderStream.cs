namespace StreamGenre.AudioFiles;

/// <summary>Reads headers from streams that need not seek.</summary>
internal static class HeaderStream
{
    /// <summary>Reads so many bytes.</summary>
    /// <exception cref="AudioSourceException">The stream ends before.</exception>
    public static async Task<byte[]> ReadHeaderAsync(this Stream stream, int count, string name, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var read = await stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, cancellationToken);
        return read == count ? bytes : throw new AudioSourceException($"{name}: broken audio file: it ends inside its header");
    }

    /// <summary>Reads past so many bytes.</summary>
    /// <exception cref="AudioSourceException">The stream ends before.</exception>
    public static async Task SkipHeaderAsync(this Stream stream, long count, string name, CancellationToken cancellationToken)
    {
        var scratch = new byte[(int)Math.Min(count, 16_384)];
        while (count > 0)
        {
            var read = await stream.ReadAsync(scratch.AsMemory(0, (int)Math.Min(count, scratch.Length)), cancellationToken);
            if (read == 0)
            {
                throw new AudioSourceException($"{name}: broken audio file: it ends before its samples");
            }

            count -= read;
        }
    }
}
