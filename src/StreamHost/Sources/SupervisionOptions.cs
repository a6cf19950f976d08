namespace StreamGenre.StreamHost.Sources;

/// <summary>When a source is taken for stalled, silent or lost, and how it is tried again. The defaults fit radio; tests make them small.</summary>
internal sealed record SupervisionOptions
{
    /// <summary>Shortest wait before another try; 1 s. From try to try the wait doubles, with jitter, so that many sources of one server don't come back as one.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait before another try; 2 min: a radio's restart is noticed soon enough, and a dead one costs its server nothing.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Failures in a row after which a source is FAILED, 1..1000; 10: some eight minutes of trying.</summary>
    public int MaxFailures { get; init; } = 10;

    /// <summary>Wait between the tries of a FAILED source; 15 min. Adding it anew tries at once.</summary>
    public TimeSpan FailedRetry { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a connection must have brought audio for the failures before it to be forgotten; 30 s: one that breaks again at once is no success.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait for a connection's first audio; 30 s: HLS loads two lists and a segment of ten seconds first.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>No audio for so long is STALLED; 5 s: longer than a network's hiccup, shorter than a listener's patience.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>No audio for so long ends the connection; 20 s: two HLS segments.</summary>
    public TimeSpan RestartAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Digital silence for so long is SILENT; 30 s: longer than any pause in music.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Digital silence for so long ends the connection, and again every time that passes; 10 min, zero for never: a relay that lost its studio sends
    /// silence for ever, and its server may have a better one by now. The stream hears nothing either way.
    /// </summary>
    public TimeSpan SilentRestart { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How far a source's audio may be ahead of the wall clock before it is read no faster; 10 s: the burst that radio servers send first is heard at once,
    /// and a recording is heard at the pace at which it plays.
    /// </summary>
    public TimeSpan MaxLead { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void CheckTime(string name, TimeSpan value, TimeSpan min)
        {
            if (value < min || value > TimeSpan.FromDays(1))
            {
                errors.Add($"Sources:Supervision:{name} is {value}; it must be {min}..1.00:00:00");
            }
        }

        var shortest = TimeSpan.FromMilliseconds(10);
        CheckTime(nameof(MinBackoff), MinBackoff, shortest);
        CheckTime(nameof(MaxBackoff), MaxBackoff, MinBackoff);
        CheckTime(nameof(FailedRetry), FailedRetry, shortest);
        CheckTime(nameof(StableAfter), StableAfter, TimeSpan.Zero);
        CheckTime(nameof(ConnectTimeout), ConnectTimeout, shortest);
        CheckTime(nameof(StalledAfter), StalledAfter, shortest);
        CheckTime(nameof(RestartAfter), RestartAfter, StalledAfter);
        CheckTime(nameof(SilentAfter), SilentAfter, shortest);
        CheckTime(nameof(SilentRestart), SilentRestart, TimeSpan.Zero);
        CheckTime(nameof(MaxLead), MaxLead, TimeSpan.Zero);
        if (MaxFailures is < 1 or > 1000)
        {
            errors.Add($"Sources:Supervision:{nameof(MaxFailures)} is {MaxFailures}; it must be 1..1000");
        }

        return errors;
    }
}
