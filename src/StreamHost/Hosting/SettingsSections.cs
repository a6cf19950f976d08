using System.Text.RegularExpressions;
using StreamGenre.CommandLines;
using StreamGenre.Stages.Inference;

namespace StreamGenre.StreamHost.Hosting;

/// <summary>
/// Makes options of a configuration's sections, and sentences of what is wrong with them: the key, its value, what it may be. The binder tells the first
/// error alone, in words for programmers, and never looks at a section that nobody asks for.
/// </summary>
internal sealed partial class SettingsSections(IConfigurationRoot configuration)
{
    private readonly List<string> _errors = [];
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was wrong so far.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The options of a section; their defaults where it has none, or an error.</summary>
    public T Bind<T>(string section)
        where T : new()
    {
        _known.Add(section);
        try
        {
            return configuration.GetSection(section).Get<T>(options => options.ErrorOnUnknownConfiguration = true) ?? new T();
        }
        catch (InvalidOperationException e)
        {
            _errors.Add(Sentence(section, e));
            return new T();
        }
    }

    /// <summary>Finds sections that nothing reads: a mistyped name would be without effect. To be called when all sections are bound.</summary>
    /// <param name="others">Sections that others read as they are.</param>
    public void RefuseUnknown(params IEnumerable<string> others)
    {
        _known.UnionWith(others);
        _errors.AddRange(configuration.GetChildren().Select(section => section.Key).Where(key => !_known.Contains(key))
            .Select(key => $"there is no section '{key}'; there are {string.Join(", ", _known)}"));
    }

    private static string Sentence(string section, InvalidOperationException e)
    {
        if (Unknown().Match(e.Message) is { Success: true } unknown)
        {
            return $"the section {section} knows no {unknown.Groups["names"].Value}; docs/operating.md lists its settings";
        }

        return Unconverted().Match(e.Message) is { Success: true } match
            ? $"{match.Groups["key"].Value} is '{match.Groups["value"].Value}'; it must be {Kind(match.Groups["type"].Value)}"
            : (e.InnerException ?? e).Message;
    }

    // The binder names the type alone; it is .NET's, one of the sections' here, or the model's device.
    private static string Kind(string type) =>
        (Type.GetType(type) ?? typeof(InferenceDevice).Assembly.GetType(type)) is { } known ? ValueKinds.Of(known) : $"a {type}";

    [GeneratedRegex("^'ErrorOnUnknownConfiguration' .*: (?<names>'.*)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unknown();

    [GeneratedRegex(
        "^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']*)' to type '(?<type>[^']*)'",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unconverted();
}
