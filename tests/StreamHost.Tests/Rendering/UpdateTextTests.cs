using Google.Protobuf.WellKnownTypes;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Tests.Rendering;

public sealed class UpdateTextTests
{
    [Theory]
    [InlineData("rock", "rock", V1.StreamState.Live, "live, rock (45 %), 2.0 ms")]
    [InlineData("rock", "jazz", V1.StreamState.Live, "live, jazz, 2.0 ms")] // rock has not held for long enough yet
    [InlineData("rock", "", V1.StreamState.Live, "live, rock? (45 %), 2.0 ms")]
    [InlineData("rock", "", V1.StreamState.WarmingUp, "warming up, rests on 4 s, rock? (45 %), 2.0 ms")]
    [InlineData("", "", V1.StreamState.Silent, "silent, 2.0 ms")]
    public void Facts_SureUnsureOrSilent_SaysSo(string top, string announced, V1.StreamState state, string expected) =>
        Assert.Equal(expected, UpdateText.Facts(Update(top, announced, state)));

    [Theory]
    [InlineData("rock", "rock", "rock")]
    [InlineData("rock", "", "rock?")]
    [InlineData("", "", "")]
    public void Genre_OfAStream_AsksWhereItIsUnsure(string top, string announced, string expected) =>
        Assert.Equal(expected, UpdateText.Genre(new V1.StreamInfo { TopGenre = top, AnnouncedGenre = announced }));

    private static V1.GenreUpdate Update(string top, string announced, V1.StreamState state) => new()
    {
        TopGenre = top,
        AnnouncedGenre = announced,
        State = state,
        Confidence = 0.45f,
        SmoothedDuration = new Duration { Seconds = 4 },
        ProcessingLatency = new Duration { Nanos = 2_000_000 },
    };
}
