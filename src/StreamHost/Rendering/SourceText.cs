namespace StreamGenre.StreamHost.Rendering;

/// <summary>Sources in words.</summary>
internal static class SourceText
{
    /// <summary>A state in words.</summary>
    public static string State(V1.SourceState state) => state switch
    {
        V1.SourceState.Connecting => "connecting",
        V1.SourceState.Live => "live",
        V1.SourceState.Silent => "silent",
        V1.SourceState.Stalled => "stalled",
        V1.SourceState.BackingOff => "backing off",
        V1.SourceState.Failed => "failed",
        _ => "unknown",
    };

    /// <summary>How a source fares, with what went wrong while it is away and what is playing while it is there.</summary>
    public static string Line(V1.SourceInfo source) => source.State switch
    {
        V1.SourceState.BackingOff or V1.SourceState.Failed => $"{State(source.State)}: {source.LastError}",
        V1.SourceState.Live when source.StreamTitle.Length > 0 => $"live: {source.StreamTitle}",
        var state => State(state),
    };
}
