namespace StreamGenre.StreamHost.Sources;

/// <summary>A source at a glance.</summary>
internal sealed record SourceStatus
{
    /// <summary>The source, its id filled in.</summary>
    public required SourceOptions Options { get; init; }

    /// <summary>Its URL without passwords.</summary>
    public required string ShownUrl { get; init; }

    /// <summary>Whether the settings name it: it comes back with the server.</summary>
    public required bool IsConfigured { get; init; }

    /// <summary>Where it stands.</summary>
    public required SourceState State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it last failed, in words; empty when it never has.</summary>
    public string LastError { get; init; } = "";

    /// <summary>When it last failed; null when it never has.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Failures since the last connection that held.</summary>
    public int Failures { get; init; }

    /// <summary>Connections that brought audio, in all.</summary>
    public long Connections { get; init; }

    /// <summary>When it is tried again; null while it is not waiting for that.</summary>
    public DateTimeOffset? NextTry { get; init; }

    /// <summary>What is playing, as the stream says; empty when it does not.</summary>
    public string StreamTitle { get; init; } = "";
}
