using Google.Protobuf.WellKnownTypes;
using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.StreamHost.Sessions;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Services;

/// <summary>Sources, from the wire and back.</summary>
internal static class WireSource
{
    /// <summary>Reads a request to add one.</summary>
    /// <exception cref="StreamOptionsException">With everything wrong with its stream's settings.</exception>
    public static SourceOptions Read(V1.AddSourceRequest request)
    {
        // Hop and smoothing are read as every stream's are; FFmpeg sees to the format.
        var config = new V1.StreamConfig
        {
            Encoding = V1.AudioEncoding.PcmS16Le, SampleRateHz = PcmFormat.MinSampleRateHz, WindowHop = request.WindowHop, Smoothing = request.Smoothing,
        };
        var settings = WireSettings.Read(config, request.Id.Length > 0 ? request.Id : "made-later", new StreamDefaults(), labels: [], OverloadPolicy.DropOldest);
        return new SourceOptions { Id = request.Id, Name = request.Name, Url = request.Url, WindowHop = settings.WindowHop, Smoothing = settings.Smoothing };
    }

    /// <summary>Writes a source at a glance.</summary>
    public static V1.SourceInfo Write(SourceStatus status) => new()
    {
        Id = status.Options.Id,
        Name = status.Options.Name,
        Url = status.ShownUrl,
        State = status.State switch
        {
            SourceState.Connecting => V1.SourceState.Connecting,
            SourceState.Live => V1.SourceState.Live,
            SourceState.Silent => V1.SourceState.Silent,
            SourceState.Stalled => V1.SourceState.Stalled,
            SourceState.BackingOff => V1.SourceState.BackingOff,
            _ => V1.SourceState.Failed,
        },
        StateSince = Timestamp.FromDateTimeOffset(status.Since),
        LastError = status.LastError,
        LastErrorTime = status.LastErrorAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
        Failures = status.Failures,
        Connections = status.Connections,
        NextTry = status.NextTry is { } next ? Timestamp.FromDateTimeOffset(next) : null,
        StreamTitle = status.StreamTitle,
        Configured = status.IsConfigured,
    };
}
