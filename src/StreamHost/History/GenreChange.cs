using StreamGenre.Stages;

namespace StreamGenre.StreamHost.History;

/// <summary>The announced genre of a stream has changed.</summary>
internal sealed record GenreChange
{
    /// <summary>The stream's life that it belongs to: made anew when a stream is opened, also under an id that was used before.</summary>
    public required Guid Run { get; init; }

    /// <summary>Numbers the rows (changes and minutes) of a run from 1; with <see cref="Run"/> it names a row once and for all.</summary>
    public required int Number { get; init; }

    /// <summary>The server that heard it.</summary>
    public required string Instance { get; init; }

    /// <summary>The stream's id.</summary>
    public required string StreamId { get; init; }

    /// <summary>When, in UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Audio time of the stream.</summary>
    public required TimeSpan AudioTime { get; init; }

    /// <summary>What was announced before; empty for nothing.</summary>
    public required string From { get; init; }

    /// <summary>What is announced now; empty for nothing.</summary>
    public required string To { get; init; }

    /// <summary>Confidence of the update that brought it, 0..1.</summary>
    public required float Confidence { get; init; }

    /// <summary>Where the stream stood.</summary>
    public required StreamState State { get; init; }

    /// <summary>The title that the source told; empty for none.</summary>
    public string Title { get; init; } = "";

    /// <summary>The update that brought it; 0 where that is not known any more.</summary>
    public long Sequence { get; init; }
}
