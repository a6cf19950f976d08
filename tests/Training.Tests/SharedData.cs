namespace StreamGenre.Training.Tests;

/// <summary>The data sets and models beside the repository, where there are any.</summary>
internal static class SharedData
{
    /// <summary>The path of a file or folder in the folder that STREAMGENRE_DATA names, else in <c>shared</c> beside the repository; null when there is none.</summary>
    public static string? Find(params string[] parts)
    {
        var root = Environment.GetEnvironmentVariable("STREAMGENRE_DATA") is { Length: > 0 } named
            ? named
            : Path.Combine(Repository, "..", "shared");
        var path = Path.Combine([root, .. parts]);
        return Path.Exists(path) ? path : null;
    }

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = FindRepository();

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "StreamGenre.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"no StreamGenre.sln above {AppContext.BaseDirectory}");
        }

        return folder.FullName;
    }
}
