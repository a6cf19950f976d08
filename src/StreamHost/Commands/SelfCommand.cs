namespace StreamGenre.StreamHost.Commands;

/// <summary>How this program is called, for command lines that are printed to be copied.</summary>
internal static class SelfCommand
{
    public static string Text { get; } = Describe();

    private static string Describe()
    {
        var program = Environment.ProcessPath ?? "streamgenre";
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            return "dotnet " + Shorten(Path.Combine(AppContext.BaseDirectory, "StreamGenre.StreamHost.dll"));
        }

        return Shorten(program);
    }

    private static string Shorten(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        var text = relative.Length < path.Length ? (relative.Contains(Path.DirectorySeparatorChar) ? relative : Path.Combine(".", relative)) : path;
        return text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text;
    }
}
