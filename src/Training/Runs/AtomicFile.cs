namespace StreamGenre.Training.Runs;

/// <summary>Files that appear whole or not at all, even when the process or the power is cut while they are written.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the file, waits for the disk, then takes its place.</summary>
    public static void Write(string path, Action<Stream> write) => Write(path, path + ".part", write);

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>The same for a cache, whose entry several processes may write at once: each writes under a name of its own, and leaves nothing where it fails.</summary>
    public static void WriteEntry(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Write(path, temporary, write);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Write(string path, string temporary, Action<Stream> write)
    {
        using (var stream = File.Create(temporary))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
