namespace StreamGenre.AudioFiles;

/// <summary>Audio that is read from its beginning to its end.</summary>
public interface IAudioSource : IAsyncDisposable
{
    /// <summary>What <see cref="ReadAsync"/> delivers.</summary>
    SourceFormat Format { get; }

    /// <summary>Reads whole frames into the buffer, as many as fit (fewer only at the end); returns the bytes read, 0 at the end.</summary>
    /// <exception cref="AudioSourceException">The audio can't be read any further.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
