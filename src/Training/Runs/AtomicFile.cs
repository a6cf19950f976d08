namespace StreamGenre.Training.Runs;

/// <summary>Files that appear whole or not at all, even when the process or the power is cut while they are written.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the file, waits for the disk, then takes its place.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = path + ".part";
        using (var stream = File.Create(temporary))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));
}
