using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace StreamGenre.StreamHost.Commands;

/// <summary>Options that several commands take.</summary>
internal static class SharedOptions
{
    /// <summary>Where a server is looked for when none is named.</summary>
    public const string DefaultServer = "http://localhost:50051";

    public static Option<bool> Json() => new("--json") { Description = "Write one JSON object a line and nothing else." };

    public static Option<string?> Model() => new("--model") { HelpName = "FILE", Description = "The ONNX model to classify with (default: the one that comes with the program)." };

    public static Option<string?> Device()
    {
        var option = new Option<string?>("--device") { HelpName = "auto|cpu|cuda", Description = "What the model runs on (auto: a GPU where there is one)." };
        option.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        return option;
    }

    public static Option<string?> Ffmpeg(string description) => new("--ffmpeg") { HelpName = "PATH", Description = description };

    /// <summary>The server to talk to.</summary>
    /// <param name="fallback">The default; null where no server is a choice of its own.</param>
    /// <param name="description">What it is for.</param>
    public static Option<string?> Server(string? fallback, string description)
    {
        var option = new Option<string?>("--server") { HelpName = "URL", Description = description };
        if (fallback is not null)
        {
            option.DefaultValueFactory = _ => Environment.GetEnvironmentVariable("STREAMGENRE_SERVER") is { Length: > 0 } set ? set : fallback;
        }

        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<string?>();
            if (value is not null && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")))
            {
                result.AddError($"--server is '{value}'; it must be a URL such as {DefaultServer}.");
            }
        });
        return option;
    }

    public static Option<double?> Seconds(string name, string description, double min, double max)
    {
        var option = new Option<double?>(name) { HelpName = "S", Description = description };
        Limit(option, min, max, " seconds");
        return option;
    }

    /// <summary>A whole number within limits.</summary>
    public static Option<int> Count(string name, string description, int standard, int min, int max)
    {
        var option = new Option<int>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => standard };
        Limit(option, min, max);
        return option;
    }

    /// <summary>Seconds of audio a second, 1 unless told, or max; see <see cref="SpeedOf"/>.</summary>
    public static Option<string> Speed(string helpName, string description, double most)
    {
        var option = new Option<string>("--speed") { HelpName = helpName, Description = description, DefaultValueFactory = _ => "1" };
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<string>();
            if (value != "max" && !(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor >= 0.1 && factor <= most))
            {
                result.AddError($"--speed is '{value}'; it must be 0.1..{most} or max.");
            }
        });
        return option;
    }

    /// <summary>The factor; null for max, as fast as it goes.</summary>
    public static double? SpeedOf(string value) => value == "max" ? null : double.Parse(value, CultureInfo.InvariantCulture);

    /// <summary>Refuses numbers outside of limits, which belong to what is allowed.</summary>
    /// <remarks>Text that is no number at all is told as such elsewhere, and asking an option for its value throws where it has none: so it is read from the token.</remarks>
    public static void Limit<T>(Option option, T min, T max, string unit = "")
        where T : struct, IParsable<T>, IComparable<T> =>
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out var value) && (value.CompareTo(min) < 0 || value.CompareTo(max) > 0))
            {
                result.AddError($"{option.Name} is {value}; it must be {min}..{max}{unit}.");
            }
        });

    public static Option<int?> Port(string name, string description) => new(name) { HelpName = "PORT", Description = description };

    /// <summary>The key of the settings that an option stands for, and what was given; null when it was not.</summary>
    public static KeyValuePair<string, string?> Setting<T>(this ParseResult parsed, string key, Option<T> option) =>
        new(key, parsed.GetValue(option)?.ToString());
}
