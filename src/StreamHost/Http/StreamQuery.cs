using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using StreamGenre.Stages;
using StreamGenre.Stages.Announcing;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Smoothing;
using StreamGenre.Stages.Windowing;

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
    /// <exception cref="HttpRefusedException">With everything wrong with them (400).</exception>
    public static V1.StreamConfig Read(IQueryCollection query)
    {
        var errors = new List<string>();
        var config = Rules(query, errors);
        config.Encoding = Choice(query, "encoding", Encodings, V1.AudioEncoding.PcmS16Le, errors);
        config.SampleRateHz = Whole(query, "rate", "Hz", PcmFormat.MinSampleRateHz, PcmFormat.MaxSampleRateHz, errors) ?? 0;
        config.Channels = Whole(query, "channels", "channels", 1, PcmFormat.MaxChannels, errors) ?? 1;
        config.OverloadPolicy = Choice(query, "overload", Policies, V1.OverloadPolicy.Unspecified, errors);
        if (!query.ContainsKey("rate"))
        {
            errors.Add("rate is missing; give the audio's samples a second, as in ?rate=44100");
        }

        return Sound(config, errors);
    }

    /// <summary>Reads the settings of audio that tells its format itself: all but the format.</summary>
    /// <exception cref="HttpRefusedException">With everything wrong with them (400).</exception>
    public static V1.StreamConfig ReadRules(IQueryCollection query)
    {
        var errors = new List<string>();
        return Sound(Rules(query, errors), errors);
    }

    /// <summary>Whether something is asked for; it is not unless told.</summary>
    /// <exception cref="HttpRefusedException">It is told in another word (400).</exception>
    public static bool ReadFlag(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "true" or "1" => true,
        "" or "false" or "0" => false,
        var other => throw new HttpRefusedException(StatusCodes.Status400BadRequest, $"{name} is '{other}'; it must be true or false."),
    };

    private static V1.StreamConfig Sound(V1.StreamConfig config, List<string> errors) =>
        errors.Count == 0 ? config : throw new HttpRefusedException(StatusCodes.Status400BadRequest, string.Join("; ", errors) + ".");

    // Limits are looked at here too, where the names are those of the query and numbers stand as they were written.
    private static V1.StreamConfig Rules(IQueryCollection query, List<string> errors)
    {
        var config = new V1.StreamConfig
        {
            Smoothing = new V1.Smoothing { Mode = Choice(query, "mode", Modes, V1.SmoothingMode.Unspecified, errors) },
            Announcement = new V1.Announcement(),
        };
        config.WindowHop = Seconds(query, "hop", GenreStreamOptions.MinWindowHop, GenreStreamOptions.MaxWindowHop, errors);
        config.Smoothing.Window = Seconds(query, "smoothing", SmoothingOptions.MinWindow, SmoothingOptions.MaxWindow, errors);
        if (Number(query, "silence", "a level in dB", SilenceOptions.MinDbfs, 0, errors) is { } level)
        {
            config.Silence = new V1.SilenceGate { CloseDbfs = (float)level };
        }

        if (Number(query, "threshold", "a number", 0, 1, errors) is { } threshold)
        {
            config.Announcement.Threshold = (float)threshold;
        }

        config.Announcement.DwellWindows = Whole(query, "dwell", "windows", 1, AnnouncementOptions.MaxDwellWindows, errors) ?? 0;
        return config;
    }

    private static Duration? Seconds(IQueryCollection query, string name, TimeSpan least, TimeSpan most, List<string> errors) =>
        Number(query, name, "seconds", least.TotalSeconds, most.TotalSeconds, errors) is { } seconds ? Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) : null;

    private static int? Whole(IQueryCollection query, string name, string what, int least, int most, List<string> errors) =>
        (int?)Number(query, name, $"a whole number of {what}", least, most, errors, whole: true);

    // Null where it is not told, or wrong.
    private static double? Number(IQueryCollection query, string name, string what, double least, double most, List<string> errors, bool whole = false)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most && (!whole || double.IsInteger(number)))
        {
            return number;
        }

        errors.Add($"{name} is '{text}'; it must be {what}, {least}..{most}");
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
