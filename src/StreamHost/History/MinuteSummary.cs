namespace StreamGenre.StreamHost.History;

/// <summary>What a stream sounded like in a minute of the server's clock.</summary>
internal sealed record MinuteSummary
{
    /// <summary>The stream's life that it belongs to, as in <see cref="GenreChange.Run"/>.</summary>
    public required Guid Run { get; init; }

    /// <summary>Number of the row in its run, as in <see cref="GenreChange.Number"/>; 0 for a minute that is still running.</summary>
    public required int Number { get; init; }

    /// <summary>The server that heard it.</summary>
    public required string Instance { get; init; }

    /// <summary>The stream's id.</summary>
    public required string StreamId { get; init; }

    /// <summary>Its beginning, in UTC; a whole minute.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The genres' names, in the order of <see cref="Seconds"/> and <see cref="Scores"/>.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Seconds of audio for which each genre was announced, <c>[labels]</c>.</summary>
    public required float[] Seconds { get; init; }

    /// <summary>Mean of each genre's rolling scores over the minute's updates, <c>[labels]</c>, 0..1.</summary>
    public required float[] Scores { get; init; }

    /// <summary>Seconds of audio in all.</summary>
    public required double AudioSeconds { get; init; }

    /// <summary>Seconds of it that were silent; what is neither silent nor a genre's was unsure.</summary>
    public required double SilentSeconds { get; init; }

    /// <summary>Windows dropped under overload.</summary>
    public required long DroppedWindows { get; init; }
}
