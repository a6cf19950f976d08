using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages;

/// <summary>What is heard at one moment of a stream. Immutable; it may be shared by any number of readers.</summary>
public sealed record GenreUpdate
{
    /// <summary>The stream's id.</summary>
    public required string StreamId { get; init; }

    /// <summary>1 for a stream's first update, one more for each that follows.</summary>
    public required long Sequence { get; init; }

    /// <summary>Audio time at which the window begins, from the stream's start; in the last update the end of the audio.</summary>
    public required TimeSpan WindowStart { get; init; }

    /// <summary>Audio time at which the window ends; in the last update the end of the audio.</summary>
    public required TimeSpan WindowEnd { get; init; }

    /// <summary>This window alone, <c>[labels]</c>, 0..1, in the contract's order; empty when the window is silent and in the last update.</summary>
    public ReadOnlyMemory<float> WindowScores { get; init; }

    /// <summary>
    /// The smoothed scores, <c>[labels]</c>, 0..1, in the contract's order; in silence they fade, and they are empty while no window that is not silent lies in the
    /// smoothing window.
    /// </summary>
    public ReadOnlyMemory<float> RollingScores { get; init; }

    /// <summary>The label with the highest rolling score, the first of equals; empty when there are no rolling scores and in silence.</summary>
    public required string TopGenre { get; init; }

    /// <summary>
    /// How likely the genre with the highest rolling score is right, 0..1: that score, sharpened by how much audio it rests on, as its calibration asks for
    /// (of independent probabilities the score itself). It fades in silence; 0 when there are no rolling scores.
    /// </summary>
    public float Confidence { get; init; }

    /// <summary>Normalised entropy of the rolling scores, 0 (one genre alone) to 1 (all alike, or none).</summary>
    public float Entropy { get; init; } = 1;

    /// <summary>The genre that the stream is said to be (<see cref="GenreStreamOptions.Announcement"/>); empty while unsure and in silence.</summary>
    public string AnnouncedGenre { get; init; } = "";

    /// <summary>What was announced before, where this update changed it; otherwise null.</summary>
    public string? AnnouncedBefore { get; init; }

    /// <summary>Where the stream stands.</summary>
    public required StreamState State { get; init; }

    /// <summary>Audio that the rolling scores rest on, zero to the smoothing window.</summary>
    public required TimeSpan SmoothedDuration { get; init; }

    /// <summary>Windows of this stream dropped under overload so far.</summary>
    public required long DroppedWindows { get; init; }

    /// <summary>When this update was made, by the time provider's clock, in UTC.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>From the arrival of the window's last byte to this update's making.</summary>
    public required TimeSpan ProcessingLatency { get; init; }

    /// <summary>What is playing, as the stream's own source says (a radio's title); empty when it does not.</summary>
    public string StreamTitle { get; init; } = "";

    /// <summary>The contract of the model that scored it: its labels, name and version.</summary>
    public required ModelContract Model { get; init; }
}
