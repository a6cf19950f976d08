using System.Text.Json;
using System.Text.Json.Nodes;
using StreamGenre.StreamHost.Hosting;

namespace StreamGenre.StreamHost.Tuning;

/// <summary>A JSON file with settings, such as <c>serve --config</c> reads, some of which are set.</summary>
internal static class SettingsFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Refuses a file that can't be written, before anything is measured for it.</summary>
    /// <exception cref="SettingsException">It is a folder, or lies where no folder is.</exception>
    public static void CheckWritable(string path)
    {
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new SettingsException($"--config is '{path}', {(Directory.Exists(path) ? "a folder" : "which lies in no folder that is there")}; name a file");
        }
    }

    /// <summary>Sets values and leaves all others as they are; makes the file where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">Section, name and value of each.</param>
    /// <exception cref="SettingsException">The file is no JSON object, or has comments, which would be lost; or can't be written.</exception>
    public static void Set(string path, IReadOnlyList<(string Section, string Name, int Value)> values)
    {
        var full = Path.GetFullPath(path);
        JsonObject root;
        try
        {
            root = File.Exists(full) ? JsonNode.Parse(File.ReadAllText(full)) as JsonObject ?? throw new JsonException("it is no object") : [];
            foreach (var (section, name, value) in values)
            {
                // The same setting may be written in one key, and case does not matter.
                if (Key(root, $"{section}:{name}") is { } flat)
                {
                    root[flat] = value;
                    continue;
                }

                var sectionKey = Key(root, section) ?? section;
                var node = root[sectionKey] as JsonObject;
                if (node is null)
                {
                    root[sectionKey] = node = [];
                }

                node[Key(node, name) ?? name] = value;
            }
        }
        catch (JsonException error)
        {
            throw new SettingsException($"'{path}' can't be changed without loss ({error.Message}); take out its comments or name another file", error);
        }

        var next = full + ".new";
        try
        {
            File.WriteAllText(next, root.ToJsonString(Indented) + "\n");
            File.Move(next, full, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"'{path}' can't be written: {error.Message}", error);
        }
    }

    private static string? Key(JsonObject node, string name) => node.Select(entry => entry.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));
}
