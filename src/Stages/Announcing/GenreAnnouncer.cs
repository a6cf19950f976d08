namespace StreamGenre.Stages.Announcing;

/// <summary>
/// Decides which genre a stream is said to be. What a window asks for is its top genre, if that reaches its threshold, and nothing otherwise; it is announced
/// once <see cref="AnnouncementOptions.DwellWindows"/> windows on end have asked for it. Silence asks for nothing and gets it at once. Not thread-safe.
/// </summary>
internal sealed class GenreAnnouncer
{
    /// <summary>No genre.</summary>
    public const int None = -1;

    private readonly float[] _thresholds;
    private readonly int _dwell;
    private int _candidate = None;
    private int _held;

    /// <summary>Starts with nothing announced.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="labels">The model's genres.</param>
    public GenreAnnouncer(AnnouncementOptions options, IReadOnlyList<string> labels)
    {
        _thresholds = [.. labels.Select(label => (float)(options.GenreThresholds.TryGetValue(label, out var own) ? own : options.Threshold))];
        _dwell = options.DwellWindows;
    }

    /// <summary>Index of the genre that is announced; <see cref="None"/> for none.</summary>
    public int Announced { get; private set; } = None;

    /// <summary>Takes in a window that was heard; tells whether another genre, or none, is announced now.</summary>
    /// <param name="top">Index of the top genre.</param>
    /// <param name="confidence">Its confidence.</param>
    public bool Hear(int top, float confidence)
    {
        var candidate = confidence >= _thresholds[top] ? top : None;
        _held = candidate == _candidate ? Math.Min(_held + 1, _dwell) : 1;
        _candidate = candidate;
        return _held == _dwell && Announce(candidate);
    }

    /// <summary>Takes in a silent window; tells whether that ends an announcement.</summary>
    public bool HearNothing()
    {
        (_candidate, _held) = (None, 0);
        return Announce(None);
    }

    private bool Announce(int genre)
    {
        var changed = genre != Announced;
        Announced = genre;
        return changed;
    }
}
