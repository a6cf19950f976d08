using System.Text.Json;

namespace StreamGenre.Training.Reports;

/// <summary>Nested settings as one list: <c>augmentation.mixup_alpha</c> = 0.4.</summary>
internal static class FlatSettings
{
    /// <summary>Flattens an object, in its order; lists stay whole.</summary>
    public static IReadOnlyDictionary<string, string> Of(JsonElement settings)
    {
        var flat = new Dictionary<string, string>();
        Add(settings, "", flat);
        return flat;
    }

    private static void Add(JsonElement element, string name, Dictionary<string, string> flat)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            flat[name] = element.ValueKind switch
            {
                JsonValueKind.Null => "none",
                JsonValueKind.Array => string.Join(", ", element.EnumerateArray().Select(item => item.ToString())),
                _ => element.ToString(),
            };
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            Add(property.Value, name.Length == 0 ? property.Name : $"{name}.{property.Name}", flat);
        }
    }
}
