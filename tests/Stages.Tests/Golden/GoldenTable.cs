using System.Runtime.CompilerServices;

namespace StreamGenre.Stages.Tests.Golden;

/// <summary>The tables that make_golden.py wrote beside this file.</summary>
internal static class GoldenTable
{
    private static readonly string Folder = HereFolder();

    /// <summary>The rows of a table without its heading, split at commas.</summary>
    public static IReadOnlyList<string[]> Read(string name)
        => [.. File.ReadLines(Path.Combine(Folder, name)).Skip(1).Select(line => line.Split(','))];

    private static string HereFolder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
