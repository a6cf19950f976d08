using StreamGenre.Stages;
using StreamGenre.Stages.Contract;

namespace StreamGenre.StreamHost.Tests.Sessions;

/// <summary>Updates of which only the number matters.</summary>
internal static class PlainUpdate
{
    public static readonly ModelContract Model = new() { Name = "m", Version = "1", Labels = ["a", "b"] };

    public static GenreUpdate Of(string streamId, long sequence) => new()
    {
        StreamId = streamId,
        Sequence = sequence,
        WindowStart = TimeSpan.Zero,
        WindowEnd = TimeSpan.Zero,
        TopGenre = "",
        State = StreamState.Live,
        SmoothedDuration = TimeSpan.Zero,
        DroppedWindows = 0,
        ProcessingLatency = TimeSpan.Zero,
        Model = Model,
    };
}
