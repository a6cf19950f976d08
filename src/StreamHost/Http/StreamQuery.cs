using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using StreamGenre.Stages;

namespace StreamGenre.StreamHost.Http;

/// <summary>Stream settings in the query of an address: <c>?encoding=s16le&amp;rate=44100&amp;channels=2&amp;hop=1&amp;smoothing=30&amp;mode=mean&amp;silence=-60&amp;threshold=0.4&amp;dwell=3&amp;overload=block</c>.</summary>
internal static class StreamQuery
{
    private static readonly Dictionary<string, V1.AudioEncoding> Encodings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["s16le"] = V1.AudioEncoding.PcmS16Le, ["f32le"] = V1.AudioEncoding.PcmF32Le, ["mulaw"] = V1.AudioEncoding.Mulaw,
    };

    private static readonly Dictionary<string, V1.SmoothingMode> Modes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mean"] = V1.SmoothingMode.Mean, ["exponential"] = V1.SmoothingMode.Exponential, ["log-mean"] = V1.SmoothingMode.LogMean,
    };

    private static readonly Dictionary<string, V1.OverloadPolicy> Policies = new(StringComparer.OrdinalIgnoreCase)
    {
        ["block"] = V1.OverloadPolicy.Block, ["drop-oldest"] = V1.OverloadPolicy.DropOldest,
    };

    /// <summary>Reads the settings of audio whose format the query tells: <c>rate</c> is required, <c>encoding</c> is s16le and <c>channels</c> 1 unless told.</summary>
    /// <exception cref="StreamOptionsException">With everything wrong with them.</exception>
    public static V1.StreamConfig Read(IQueryCollection query)
    {
        var errors = new List<string>();
        var config = Rules(query, errors);
        config.Encoding = Choice(query, "encoding", Encodings, V1.AudioEncoding.PcmS16Le, errors);
        config.SampleRateHz = (int)Number(query, "rate", "a whole number of Hz, 8000..192000", whole: true, errors).GetValueOrDefault();
        config.Channels = (int)Number(query, "channels", "a whole number, 1..8", whole: true, errors).GetValueOrDefault(1);
        if (config.Channels == 0)
        {
            errors.Add("channels is 0; it must be 1..8");
        }

        config.OverloadPolicy = Choice(query, "overload", Policies, V1.OverloadPolicy.Unspecified, errors);
        if (!query.ContainsKey("rate"))
        {
            errors.Add("rate is missing; give the audio's samples a second, as in ?rate=44100");
        }

        return errors.Count == 0 ? config : throw new StreamOptionsException(errors);
    }

    /// <summary>Reads the settings of audio that tells its format itself: all but the format.</summary>
    /// <exception cref="StreamOptionsException">With everything wrong with them.</exception>
    public static V1.StreamConfig ReadRules(IQueryCollection query)
    {
        var errors = new List<string>();
        var config = Rules(query, errors);
        return errors.Count == 0 ? config : throw new StreamOptionsException(errors);
    }

    private static V1.StreamConfig Rules(IQueryCollection query, List<string> errors)
    {
        var config = new V1.StreamConfig { Smoothing = new V1.Smoothing { Mode = Choice(query, "mode", Modes, V1.SmoothingMode.Unspecified, errors) } };
        config.WindowHop = Seconds(query, "hop", "seconds, 0.1..30", errors);
        config.Smoothing.Window = Seconds(query, "smoothing", "seconds, 1..600", errors);
        if (Number(query, "silence", "a level in dB, -200..0", whole: false, errors) is { } level)
        {
            config.Silence = new V1.SilenceGate { CloseDbfs = (float)level };
        }

        config.Announcement = new V1.Announcement { DwellWindows = (int)Number(query, "dwell", "a whole number of windows, 1..600", whole: true, errors).GetValueOrDefault() };
        if (Number(query, "threshold", "a number, 0..1", whole: false, errors) is { } threshold)
        {
            config.Announcement.Threshold = (float)threshold;
        }

        return config;
    }

    private static Duration? Seconds(IQueryCollection query, string name, string what, List<string> errors) =>
        Number(query, name, what, whole: false, errors) is { } seconds ? Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) : null;

    private static double? Number(IQueryCollection query, string name, string what, bool whole, List<string> errors)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) <= 1e6 && (!whole || double.IsInteger(number)))
        {
            return number;
        }

        errors.Add($"{name} is '{text}'; it must be {what}");
        return null;
    }

    private static T Choice<T>(IQueryCollection query, string name, Dictionary<string, T> choices, T unset, List<string> errors)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return unset;
        }

        if (choices.TryGetValue(values.ToString(), out var choice))
        {
            return choice;
        }

        errors.Add($"{name} is '{values}'; it must be {string.Join(", ", choices.Keys.SkipLast(1))} or {choices.Keys.Last()}");
        return unset;
    }
}
