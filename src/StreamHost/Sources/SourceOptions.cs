using StreamGenre.Stages;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Smoothing;
using StreamGenre.StreamHost.Sessions;

namespace StreamGenre.StreamHost.Sources;

/// <summary>A source that the server listens to by itself, and the settings of the stream that it becomes.</summary>
internal sealed record SourceOptions
{
    /// <summary>Id of its stream: 1..128 of letters, digits and <c>. _ - : /</c>; empty for one made from its name or its URL.</summary>
    public string Id { get; init; } = "";

    /// <summary>What people call it, at most 200 characters; empty for its id.</summary>
    public string Name { get; init; } = "";

    /// <summary>What to listen to: see <see cref="SourceInput"/>.</summary>
    public string Url { get; init; } = "";

    /// <summary>From one window's start to the next's, 0.1 s..30 s; 1 s.</summary>
    public TimeSpan WindowHop { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How window scores become rolling scores; the mean over 30 s.</summary>
    public SmoothingOptions Smoothing { get; init; } = new();

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (Name.Length > 200 || Name.Any(char.IsControl))
        {
            errors.Add($"name has {Name.Length} characters; it must have 200 at most, and no control characters");
        }

        if (SourceInput.ErrorOf(Url) is { } error)
        {
            errors.Add(error);
        }

        errors.AddRange((this with { Id = Id.Length == 0 ? "made-later" : Id }).ToStreamOptions(PcmFormat.MinSampleRateHz, new StreamDefaults()).Errors(labels: []));
        return errors;
    }

    /// <summary>The same for the engine. Live audio does not wait: under overload its oldest windows are dropped.</summary>
    /// <param name="sampleRateHz">The model's rate, at which FFmpeg delivers.</param>
    /// <param name="defaults">What holds for all streams.</param>
    public GenreStreamOptions ToStreamOptions(int sampleRateHz, StreamDefaults defaults) => new()
    {
        StreamId = Id,
        Format = new PcmFormat(PcmEncoding.S16Le, sampleRateHz, 1),
        WindowHop = WindowHop,
        Smoothing = Smoothing,
        Overload = OverloadPolicy.DropOldest,
        Silence = defaults.Silence,
        Announcement = defaults.Announcement,
    };
}
