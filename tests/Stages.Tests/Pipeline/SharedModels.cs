using System.Runtime.CompilerServices;

namespace StreamGenre.Stages.Tests.Pipeline;

/// <summary>Models laid beside the repository (or under STREAMGENRE_DATA), which git does not carry.</summary>
internal static class SharedModels
{
    private static string Root => Environment.GetEnvironmentVariable("STREAMGENRE_DATA") is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(Repository(), "..", "shared"));

    /// <summary>The file's path, or null when it is not there.</summary>
    public static string? Find(params string[] parts)
    {
        var path = Path.Combine([Root, "models", .. parts]);
        return File.Exists(path) ? path : null;
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "..", "..", "..", ".."));
}
