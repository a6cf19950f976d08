using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamGenre.Training.Runs;

/// <summary>How a run folder's JSON is written: snake_case names, choices by the names they have on the command line.</summary>
internal static class RunJson
{
    /// <summary>For people.</summary>
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>One object a line.</summary>
    public static JsonSerializerOptions Line { get; } = new(Indented) { WriteIndented = false };
}
