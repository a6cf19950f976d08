using StreamGenre.Stages.Announcing;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.StreamHost.Sessions;

/// <summary>Section <c>Streams</c>: what holds for a stream whose config does not say otherwise.</summary>
internal sealed record StreamDefaults
{
    /// <summary><c>Streams:Silence</c>: what counts as silence.</summary>
    public SilenceOptions Silence { get; init; } = new();

    /// <summary><c>Streams:Announcement</c>: when the top genre is announced.</summary>
    public AnnouncementOptions Announcement { get; init; } = new();

    /// <summary>Everything wrong with them, each with the offending value; empty when they are sound.</summary>
    /// <param name="labels">The genres of the server's model.</param>
    public IReadOnlyList<string> Errors(IReadOnlyList<string> labels) => [.. Silence.Errors().Concat(Announcement.Errors(labels)).Select(error => "Streams: " + error)];
}
