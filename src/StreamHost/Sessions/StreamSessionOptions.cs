namespace StreamGenre.StreamHost.Sessions;

/// <summary>Limits of the streams that a server holds.</summary>
internal sealed record StreamSessionOptions
{
    /// <summary>Most streams open at once, 1..100,000; 1000.</summary>
    public int MaxStreams { get; init; } = 1000;

    /// <summary>Updates kept of each stream for subscribers to read back, 1..100,000; 600: ten minutes at a hop of 1 s, some 150 kB.</summary>
    public int HistoryUpdates { get; init; } = 600;

    /// <summary>
    /// Updates that a subscriber who had caught up may fall behind before it loses the oldest, 1..100,000; 32: rides out a network hiccup of
    /// half a minute at a hop of 1 s, and what a slower reader sees is never older than that.
    /// </summary>
    public int SubscriberBacklog { get; init; } = 32;

    /// <summary>How long an ended stream can still be read and listed, 0..1 day; 10 minutes.</summary>
    public TimeSpan EndedRetention { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Everything wrong with these options, each with the offending value; empty when they are sound.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        void CheckCount(string name, int value)
        {
            if (value is < 1 or > 100_000)
            {
                errors.Add($"Sessions:{name} is {value}; it must be 1..100000");
            }
        }

        CheckCount(nameof(MaxStreams), MaxStreams);
        CheckCount(nameof(HistoryUpdates), HistoryUpdates);
        CheckCount(nameof(SubscriberBacklog), SubscriberBacklog);
        if (EndedRetention < TimeSpan.Zero || EndedRetention > TimeSpan.FromDays(1))
        {
            errors.Add($"Sessions:{nameof(EndedRetention)} is {EndedRetention}; it must be 00:00:00..1.00:00:00");
        }

        return errors;
    }
}
