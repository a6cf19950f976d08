namespace StreamGenre.StreamHost.Sources;

/// <summary>Makes ids for sources that came without one.</summary>
internal static class SourceId
{
    private const int MaxLength = 60;

    /// <summary>An id made of the source's name, or of its URL's host and path: lower-case letters and digits, with dashes between.</summary>
    /// <param name="source">The source.</param>
    /// <param name="isTaken">Whether an id is in use; a number is put behind one that is.</param>
    public static string Make(SourceOptions source, Func<string, bool> isTaken)
    {
        // Host and path alone: a query may hold a secret.
        var from = source.Name.Length > 0 ? source.Name
            : Uri.TryCreate(source.Url, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host + uri.AbsolutePath
            : Path.GetFileNameWithoutExtension(source.Url.Split(':', 2)[^1]);
        var words = new string([.. from.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var id = string.Join('-', words);
        id = id.Length == 0 ? "source" : id[..Math.Min(id.Length, MaxLength)].TrimEnd('-');
        return !isTaken(id) ? id : Enumerable.Range(2, int.MaxValue - 2).Select(i => $"{id}-{i}").First(other => !isTaken(other));
    }
}
