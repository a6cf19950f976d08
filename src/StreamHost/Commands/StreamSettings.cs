using System.CommandLine;
using Google.Protobuf.WellKnownTypes;

namespace StreamGenre.StreamHost.Commands;

/// <summary>The options that make a stream's settings, for every command that begins one.</summary>
internal sealed class StreamSettings
{
    private readonly Option<double?> _hop = SharedOptions.Seconds("--window-hop", "From one window to the next, 0.1..30 s (default: 1).", 0.1, 30);
    private readonly Option<V1.SmoothingMode> _smoothing = new("--smoothing")
    {
        HelpName = "mean|exponential|log-mean",
        Description = "How windows become rolling scores (default: mean).",
        CustomParser = result => result.Tokens[0].Value switch
        {
            "mean" => V1.SmoothingMode.Mean,
            "exponential" => V1.SmoothingMode.Exponential,
            "log-mean" => V1.SmoothingMode.LogMean,
            var other => Refuse(result, $"--smoothing is '{other}'; it must be mean, exponential or log-mean."),
        },
    };

    private readonly Option<double?> _smoothingSeconds = SharedOptions.Seconds("--smoothing-seconds", "How far back rolling scores look, 1..600 s (default: 30).", 1, 600);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_hop);
        command.Add(_smoothing);
        command.Add(_smoothingSeconds);
    }

    /// <summary>What was given: hop and smoothing.</summary>
    public V1.StreamConfig Read(ParseResult parsed)
    {
        var settings = new V1.StreamConfig { Smoothing = new V1.Smoothing { Mode = parsed.GetValue(_smoothing) } };
        if (parsed.GetValue(_hop) is { } hopSeconds)
        {
            settings.WindowHop = Duration.FromTimeSpan(TimeSpan.FromSeconds(hopSeconds));
        }

        if (parsed.GetValue(_smoothingSeconds) is { } backSeconds)
        {
            settings.Smoothing.Window = Duration.FromTimeSpan(TimeSpan.FromSeconds(backSeconds));
        }

        return settings;
    }

    private static V1.SmoothingMode Refuse(System.CommandLine.Parsing.ArgumentResult result, string error)
    {
        result.AddError(error);
        return default;
    }
}
