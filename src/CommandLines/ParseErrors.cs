using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;

namespace StreamGenre.CommandLines;

/// <summary>
/// What is wrong with a command line, each in a sentence that names the option, what was given and what may be. System.CommandLine's own errors name .NET
/// types; and it takes "0,001" for 1 (commas part thousands there), NaN for a number, and a mistyped option for one more value of the option before it.
/// </summary>
internal static partial class ParseErrors
{
    /// <summary>All errors; empty where there are none.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (CommandError(parsed) is { } command)
        {
            return [command];
        }

        var own = Given(parsed).SelectMany(result => ValueErrors(result).Select(error => (result, error))).ToList();
        var told = own.Select(pair => pair.result).ToHashSet();
        return [
            .. own.Select(pair => pair.error),
            .. parsed.Errors.Where(error => !(Owner(error.SymbolResult) is { } owner && told.Contains(owner))).Select(error => Reworded(error, parsed)).Distinct(),
        ];
    }

    /// <summary>The names that lead from the program to the command that was asked for, such as <c>sources add</c>; empty for the program itself.</summary>
    public static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Parent: not null } command; result = command.Parent)
        {
            names.Insert(0, command.Command.Name);
        }

        return string.Join(' ', names);
    }

    // A command that is no command, or none where one is needed.
    private static string? CommandError(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count == 0 || parsed.Errors.Count == 0)
        {
            return null;
        }

        var path = PathOf(parsed) is { Length: > 0 } names ? names + " " : "";
        var known = string.Join(", ", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => path + sub.Name));
        return parsed.UnmatchedTokens switch
        {
            [var token, ..] when !token.StartsWith('-') => $"There is no command '{path}{token}'; there are {known}.",
            [var option, ..] => $"There is no option '{option}'.",
            [] when parsed.Errors.Any(error => error.Message.StartsWith("Required command", StringComparison.Ordinal)) => $"Name a command: {known}.",
            _ => null,
        };
    }

    private static IEnumerable<SymbolResult> Given(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
        {
            foreach (var child in command.Children)
            {
                if (child is OptionResult or ArgumentResult)
                {
                    yield return child;
                }
            }
        }
    }

    private static IEnumerable<string> ValueErrors(SymbolResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.StartsWith("--", StringComparison.Ordinal) && !Path.Exists(token.Value))
            {
                yield return $"There is no option '{token.Value}'.";
            }
            else if (result is OptionResult { Option: var option } && IsReal(option.ValueType))
            {
                if (token.Value.Contains(',', StringComparison.Ordinal))
                {
                    yield return $"{option.Name} is '{token.Value}'; write decimals with a point, and thousands without a mark.";
                }
                else if (double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !double.IsFinite(value))
                {
                    yield return $"{option.Name} is '{token.Value}'; it must be a finite number.";
                }
            }
        }
    }

    private static string Reworded(ParseError error, ParseResult parsed)
    {
        if (error.Message.StartsWith("Unrecognized command or argument", StringComparison.Ordinal) && Quoted().Match(error.Message).Groups["value"].Value is var unknown)
        {
            return unknown.StartsWith('-') ? $"There is no option '{unknown}'." : $"'{PathOf(parsed)}' takes no '{unknown}'.";
        }

        if (Owner(error.SymbolResult) is not OptionResult { Tokens: [var token, ..], Option: var option })
        {
            return error.Message;
        }

        if (error.Message.StartsWith("Cannot parse argument", StringComparison.Ordinal))
        {
            return $"{option.Name} is '{token.Value}'; it must be {ValueKinds.Of(option.ValueType)}.";
        }

        return error.Message.Contains("Must be one of:", StringComparison.Ordinal)
            ? $"{option.Name} is '{token.Value}'; it must be {Either([.. Quoted().Matches(error.Message).Skip(1).Select(match => match.Groups["value"].Value)])}."
            : error.Message;
    }

    // The option whose value it is, or the argument itself.
    private static SymbolResult? Owner(SymbolResult? result) => result is ArgumentResult { Parent: OptionResult option } ? option : result;

    private static string Either(string[] choices) => choices.Length < 2 ? string.Concat(choices) : $"{string.Join(", ", choices[..^1])} or {choices[^1]}";

    private static bool IsReal(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain && (plain == typeof(double) || plain == typeof(float));

    [GeneratedRegex("'(?<value>[^']*)'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
