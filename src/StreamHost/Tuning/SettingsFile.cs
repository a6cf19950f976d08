using System.Text.Json;
using System.Text.Json.Nodes;
using StreamGenre.StreamHost.Hosting;

namespace StreamGenre.StreamHost.Tuning;

/// <summary>A JSON file with settings, such as <c>serve --config</c> reads, some of which are set.</summary>
internal static class SettingsFile
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Sets values and leaves all others as they are; makes the file where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">Section, name and value of each.</param>
    /// <exception cref="SettingsException">The file is no JSON object, or has comments, which would be lost.</exception>
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
        File.WriteAllText(next, root.ToJsonString(Indented) + "\n");
        File.Move(next, full, overwrite: true);
    }

    private static string? Key(JsonObject node, string name) => node.Select(entry => entry.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));
}
