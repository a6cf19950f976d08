using Google.Protobuf.WellKnownTypes;
using StreamGenre.Stages;
using StreamGenre.Stages.Announcing;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Smoothing;
using StreamGenre.Stages.Windowing;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Services;

/// <summary>Stream settings, from the wire and back.</summary>
internal static class WireSettings
{
    /// <summary>Reads a config.</summary>
    /// <param name="config">As it came.</param>
    /// <param name="streamId">The id to use: the config's, or one that the server made.</param>
    /// <param name="defaults">What holds where the config says nothing.</param>
    /// <param name="labels">The model's genres.</param>
    /// <param name="unspecifiedOverload">What an unset overload policy means for this call.</param>
    /// <exception cref="StreamOptionsException">With everything wrong with it.</exception>
    public static GenreStreamOptions Read(
        V1.StreamConfig config, string streamId, StreamDefaults defaults, IReadOnlyList<string> labels, OverloadPolicy unspecifiedOverload)
    {
        var errors = new List<string>();
        T Known<T>(T? value, string error)
            where T : struct
        {
            if (value is null)
            {
                errors.Add(error);
            }

            return value ?? default;
        }

        var encoding = Known<PcmEncoding>(
            config.Encoding switch
            {
                V1.AudioEncoding.PcmS16Le => PcmEncoding.S16Le,
                V1.AudioEncoding.PcmF32Le => PcmEncoding.F32Le,
                V1.AudioEncoding.Mulaw => PcmEncoding.MuLaw,
                _ => null,
            },
            $"encoding is {config.Encoding}; it must be AUDIO_ENCODING_PCM_S16LE, AUDIO_ENCODING_PCM_F32LE or AUDIO_ENCODING_MULAW");
        var overload = Known<OverloadPolicy>(
            config.OverloadPolicy switch
            {
                V1.OverloadPolicy.Unspecified => unspecifiedOverload,
                V1.OverloadPolicy.Block => OverloadPolicy.Block,
                V1.OverloadPolicy.DropOldest => OverloadPolicy.DropOldest,
                _ => null,
            },
            $"overload_policy is {config.OverloadPolicy}; it must be OVERLOAD_POLICY_BLOCK, OVERLOAD_POLICY_DROP_OLDEST or unset");
        var mode = Known<SmoothingMode>(
            config.Smoothing?.Mode switch
            {
                null or V1.SmoothingMode.Unspecified or V1.SmoothingMode.Mean => SmoothingMode.Mean,
                V1.SmoothingMode.Exponential => SmoothingMode.Exponential,
                V1.SmoothingMode.LogMean => SmoothingMode.LogMean,
                _ => null,
            },
            $"smoothing.mode is {config.Smoothing?.Mode}; it must be SMOOTHING_MODE_MEAN, SMOOTHING_MODE_EXPONENTIAL, SMOOTHING_MODE_LOG_MEAN or unset");
        var options = new GenreStreamOptions
        {
            StreamId = streamId,
            Format = new PcmFormat(encoding, config.SampleRateHz, config.Channels == 0 ? 1 : config.Channels),
            WindowHop = ReadSpan(config.WindowHop) ?? TimeSpan.FromSeconds(1),
            Smoothing = new SmoothingOptions { Mode = mode, Window = ReadSpan(config.Smoothing?.Window) ?? TimeSpan.FromSeconds(30) },
            Overload = overload,
            Silence = Read(config.Silence, defaults.Silence),
            Announcement = Read(config.Announcement, defaults.Announcement),
        };
        errors.AddRange(options.Errors(labels));
        return errors.Count == 0 ? options : throw new StreamOptionsException(errors);
    }

    /// <summary>Writes settings, with nothing left unset.</summary>
    public static V1.StreamConfig Write(GenreStreamOptions options) => new()
    {
        Encoding = options.Format.Encoding switch
        {
            PcmEncoding.S16Le => V1.AudioEncoding.PcmS16Le,
            PcmEncoding.F32Le => V1.AudioEncoding.PcmF32Le,
            _ => V1.AudioEncoding.Mulaw,
        },
        SampleRateHz = options.Format.SampleRateHz,
        Channels = options.Format.Channels,
        StreamId = options.StreamId,
        WindowHop = Duration.FromTimeSpan(options.WindowHop),
        Smoothing = new V1.Smoothing
        {
            Mode = options.Smoothing.Mode switch
            {
                SmoothingMode.Exponential => V1.SmoothingMode.Exponential,
                SmoothingMode.LogMean => V1.SmoothingMode.LogMean,
                _ => V1.SmoothingMode.Mean,
            },
            Window = Duration.FromTimeSpan(options.Smoothing.Window),
        },
        OverloadPolicy = options.Overload == OverloadPolicy.Block ? V1.OverloadPolicy.Block : V1.OverloadPolicy.DropOldest,
        Silence = new V1.SilenceGate { CloseDbfs = (float)options.Silence.CloseDbfs, OpenDbfs = (float)options.Silence.OpenDbfs },
        Announcement = new V1.Announcement
        {
            Threshold = (float)options.Announcement.Threshold,
            GenreThresholds = { options.Announcement.GenreThresholds.ToDictionary(pair => pair.Key, pair => (float)pair.Value) },
            DwellWindows = options.Announcement.DwellWindows,
        },
    };

    private static SilenceOptions Read(V1.SilenceGate? gate, SilenceOptions defaults)
    {
        var close = gate is { HasCloseDbfs: true } ? Number(gate.CloseDbfs) : defaults.CloseDbfs;

        // A gate that closes over the server's opening level has no hysteresis, unless it says of its own where it opens.
        return new SilenceOptions { CloseDbfs = close, OpenDbfs = gate is { HasOpenDbfs: true } ? Number(gate.OpenDbfs) : Math.Max(close, defaults.OpenDbfs) };
    }

    private static AnnouncementOptions Read(V1.Announcement? announcement, AnnouncementOptions defaults)
    {
        if (announcement is null)
        {
            return defaults;
        }

        var thresholds = new Dictionary<string, double>(defaults.GenreThresholds, StringComparer.Ordinal);
        foreach (var (genre, threshold) in announcement.GenreThresholds)
        {
            thresholds[genre] = Number(threshold);
        }

        return new AnnouncementOptions
        {
            Threshold = announcement.HasThreshold ? Number(announcement.Threshold) : defaults.Threshold,
            GenreThresholds = thresholds,
            DwellWindows = announcement.DwellWindows == 0 ? defaults.DwellWindows : announcement.DwellWindows,
        };
    }

    // As it was written: 0.4f is 0.4 and not 0.4000000059604645. What a decimal can't hold is out of range anyway.
    private static double Number(float value) => MathF.Abs(value) < 1e9f ? (double)(decimal)value : value;

    // Any seconds and nanos, also those that Duration.ToTimeSpan throws on: what is out of range is for the options to say.
    private static TimeSpan? ReadSpan(Duration? duration) =>
        duration is null ? null : TimeSpan.FromSeconds(Math.Clamp(duration.Seconds + (duration.Nanos / 1e9), -1e9, 1e9));
}
