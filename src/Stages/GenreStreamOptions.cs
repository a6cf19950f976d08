using StreamGenre.Stages.Announcing;
using StreamGenre.Stages.Audio;
using StreamGenre.Stages.Smoothing;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages;

/// <summary>Settings of one stream.</summary>
public sealed record GenreStreamOptions
{
    /// <summary>Most characters in a stream id.</summary>
    public const int MaxStreamIdLength = 128;

    /// <summary>Shortest hop.</summary>
    public static readonly TimeSpan MinWindowHop = TimeSpan.FromSeconds(0.1);

    /// <summary>Longest hop.</summary>
    public static readonly TimeSpan MaxWindowHop = TimeSpan.FromSeconds(30);

    /// <summary>The stream's name in its updates: 1..128 of letters, digits and <c>. _ - : /</c>.</summary>
    public required string StreamId { get; init; }

    /// <summary>How the audio bytes are to be read.</summary>
    public required PcmFormat Format { get; init; }

    /// <summary>From one window's start to the next's, 0.1 s..30 s; 1 s.</summary>
    public TimeSpan WindowHop { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How window scores become rolling scores; the mean over 30 s.</summary>
    public SmoothingOptions Smoothing { get; init; } = new();

    /// <summary>What to do with a window when <see cref="MaxPendingWindows"/> are in flight already or the batcher's queue is full.</summary>
    public OverloadPolicy Overload { get; init; } = OverloadPolicy.Block;

    /// <summary>What counts as silence; under −60 dBFS, until −54 dBFS are reached again.</summary>
    public SilenceOptions Silence { get; init; } = new();

    /// <summary>When the top genre is announced; from a confidence of 0.4 on, held for 3 windows.</summary>
    public AnnouncementOptions Announcement { get; init; } = new();

    /// <summary>
    /// Windows of this stream between the front end and the reader of its updates, 1..1024; 8: enough to keep every core at work on one
    /// file as fast as it goes, and under <see cref="OverloadPolicy.DropOldest"/> the most seconds that a stream with a hop of 1 s can lag.
    /// </summary>
    public int MaxPendingWindows { get; init; } = 8;

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    /// <param name="labels">The genres of the model that is to score the stream.</param>
    public IReadOnlyList<string> Errors(IReadOnlyList<string> labels)
    {
        var errors = new List<string>();
        if (StreamId.Length is 0 or > MaxStreamIdLength)
        {
            errors.Add($"stream id has {StreamId.Length} characters; it must have 1..{MaxStreamIdLength}");
        }

        foreach (var other in StreamId.Where(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or ':' or '/')).Distinct())
        {
            errors.Add($"stream id holds '{other}' (U+{(int)other:X4}); it may hold letters, digits and . _ - : /");
        }

        errors.AddRange(Format.Errors());
        if (WindowHop < MinWindowHop || WindowHop > MaxWindowHop)
        {
            errors.Add($"window_hop is {WindowHop.TotalSeconds:0.###} s; it must be {MinWindowHop.TotalSeconds}..{MaxWindowHop.TotalSeconds} s");
        }

        errors.AddRange(Smoothing.Errors());
        if (!Enum.IsDefined(Overload))
        {
            errors.Add($"overload_policy is {(int)Overload}; it must be {nameof(OverloadPolicy.Block)} or {nameof(OverloadPolicy.DropOldest)}");
        }

        errors.AddRange(Silence.Errors());
        errors.AddRange(Announcement.Errors(labels));
        if (MaxPendingWindows is < 1 or > 1024)
        {
            errors.Add($"max_pending_windows is {MaxPendingWindows}; it must be 1..1024");
        }

        return errors;
    }

    /// <summary>Refuses options that are not sound.</summary>
    /// <exception cref="StreamOptionsException">With everything wrong with these options.</exception>
    internal void ThrowIfWrong(IReadOnlyList<string> labels)
    {
        if (Errors(labels) is { Count: > 0 } errors)
        {
            throw new StreamOptionsException(errors);
        }
    }
}
