namespace StreamGenre.Stages.Tests.Golden;

/// <summary>Where the reference data lies: STREAMGENRE_DATA, or the folder <c>shared</c> beside the repository. It may be missing.</summary>
internal static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>Full path of a file or folder of the reference data, or null where it is missing.</summary>
    public static string? Path(params string[] parts)
    {
        if (Root is null)
        {
            return null;
        }

        var path = System.IO.Path.Combine([Root, .. parts]);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("STREAMGENRE_DATA") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "StreamGenre.sln")))
            {
                var shared = System.IO.Path.Combine(folder.Parent!.FullName, "shared");
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }
}
