namespace StreamGenre.StreamHost.Sources;

/// <summary>From where sources may be added and removed while the server runs.</summary>
internal enum AddingFrom
{
    /// <summary>Only the settings name sources.</summary>
    Nobody,

    /// <summary>From the server's own machine.</summary>
    Local,

    /// <summary>By anybody who reaches the server: it then opens connections to wherever they say.</summary>
    Anyone,
}

/// <summary>What a server listens to by itself, section <c>Sources</c>.</summary>
internal sealed record SourcesOptions
{
    /// <summary>The FFmpeg program, by name or path; <c>ffmpeg</c>.</summary>
    public string Ffmpeg { get; init; } = "ffmpeg";

    /// <summary>
    /// From where sources may be added and removed; <see cref="AddingFrom.Local"/>: a server that listens on all addresses must not become everybody's way into
    /// the network that it stands in.
    /// </summary>
    public AddingFrom AddingFrom { get; init; } = AddingFrom.Local;

    /// <summary>
    /// Schemes of the URLs that may be added while the server runs, separated by commas. Nothing that opens files or devices unless it is named here. Sources
    /// in the settings may be anything.
    /// </summary>
    public string AddedSchemes { get; init; } = "http,https,rtsp,rtsps,rtmp,rtmps";

    /// <summary>Most sources at once, 0..10,000; 100: each is a process of FFmpeg, 12 MB of its own.</summary>
    public int MaxSources { get; init; } = 100;

    /// <summary>When a source is stalled, silent or lost, and how it is tried again.</summary>
    public SupervisionOptions Supervision { get; init; } = new();

    /// <summary>The sources that are there from the start.</summary>
    public IReadOnlyList<SourceOptions> Items { get; init; } = [];

    /// <summary>Whether a scheme may be added while the server runs.</summary>
    public bool MayAdd(string scheme) =>
        AddedSchemes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(scheme, StringComparer.OrdinalIgnoreCase);

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        List<string> errors = [.. Supervision.Errors()];
        if (Ffmpeg.Length == 0)
        {
            errors.Add($"Sources:{nameof(Ffmpeg)} (--ffmpeg) is empty; it must name the ffmpeg program");
        }

        if (!Enum.IsDefined(AddingFrom))
        {
            errors.Add($"Sources:{nameof(AddingFrom)} is {(int)AddingFrom}; it must be {string.Join(", ", Enum.GetNames<AddingFrom>())}");
        }

        if (MaxSources is < 0 or > 10_000)
        {
            errors.Add($"Sources:{nameof(MaxSources)} is {MaxSources}; it must be 0..10000");
        }

        if (Items.Count > MaxSources)
        {
            errors.Add($"Sources:{nameof(Items)} names {Items.Count} sources; Sources:{nameof(MaxSources)} allows {MaxSources}");
        }

        errors.AddRange(Items.SelectMany((item, i) => item.Errors().Select(error => $"Sources:{nameof(Items)}:{i}: {error}")));
        errors.AddRange(Items.Where(item => item.Id.Length > 0).GroupBy(item => item.Id, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => $"Sources:{nameof(Items)} has the id '{group.Key}' {group.Count()} times; each source needs one of its own"));
        return errors;
    }
}
