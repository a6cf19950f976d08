using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StreamGenre.Training.Commands;

/// <summary>Options whose value is one of an enumeration's names, spelled as in config.json.</summary>
internal static class Choice
{
    /// <summary>The name of a value, such as <c>one-cycle</c>.</summary>
    public static string Name(Type type, object value) =>
        type.GetField(value.ToString()!)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()!);

    /// <summary>Whether a type is an enumeration, or one that may be null.</summary>
    public static bool Is(Type type) => (Nullable.GetUnderlyingType(type) ?? type).IsEnum;

    /// <summary>Makes an option take the names of <typeparamref name="T"/>, an enumeration, and nothing else.</summary>
    public static void Restrict<T>(Option<T> option)
    {
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        var values = Enum.GetValues(type).Cast<object>().ToDictionary(value => Name(type, value), value => (T)value);
        option.HelpName = string.Join('|', values.Keys);
        option.CustomParser = result => Parse(result, option.Name, values);
    }

    private static T? Parse<T>(ArgumentResult result, string option, Dictionary<string, T> values)
    {
        if (values.TryGetValue(result.Tokens[0].Value, out var value))
        {
            return value;
        }

        result.AddError($"{option} is '{result.Tokens[0].Value}'; it must be one of {string.Join(", ", values.Keys)}");
        return default;
    }
}
