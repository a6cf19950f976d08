using Google.Protobuf.WellKnownTypes;
using StreamGenre.StreamHost.Rendering;

namespace StreamGenre.StreamHost.Tests.Rendering;

public sealed class HistoryCsvTests
{
    private static readonly Timestamp Noon = new() { Seconds = 1_795_262_400 };

    [Fact]
    public void Changes_TitlesOfAllKinds_AreQuotedAndNoFormulas()
    {
        var history = new V1.GetHistoryResponse();
        foreach (var title in new[] { "plain", "a, \"b\"", "two\nlines", "=1+1", "- dashes -" })
        {
            history.Changes.Add(new V1.GenreChanged
            {
                Time = Noon, FromGenre = "jazz", ToGenre = "", State = V1.StreamState.WarmingUp, AudioTime = new Duration { Seconds = 90 }, Confidence = 0.1234f, StreamTitle = title, Instance = "i",
            });
        }

        const string Before = "2026-11-21T12:00:00Z,jazz,,0.123,warming_up,90,";
        Assert.Equal(
            "time,from_genre,to_genre,confidence,state,audio_seconds,stream_title,instance\n"
            + $"{Before}plain,i\n{Before}\"a, \"\"b\"\"\",i\n{Before}\"two\nlines\",i\n{Before}'=1+1,i\n{Before}'- dashes -,i\n",
            HistoryCsv.Changes(history));
    }

    [Fact]
    public void Minutes_OfDifferentGenres_HaveAColumnForEach()
    {
        V1.MinuteSummary Minute(params V1.GenreShare[] genres) => new() { Start = Noon, Audio = new Duration { Seconds = 60 }, SilentShare = 0.25f, Instance = "i", Genres = { genres } };
        var history = new V1.GetHistoryResponse
        {
            Minutes = { Minute(new V1.GenreShare { Genre = "rock", Share = 0.75f, MeanScore = 0.5f }), Minute(new V1.GenreShare { Genre = "jazz", MeanScore = 0.125f }) },
        };
        Assert.Equal(
            "start,audio_seconds,silent_share,unannounced_share,dropped_windows,instance,share:jazz,share:rock,score:jazz,score:rock\n"
            + "2026-11-21T12:00:00Z,60,0.25,0,0,i,0,0.75,0,0.5\n"
            + "2026-11-21T12:00:00Z,60,0.25,0,0,i,0,0,0.125,0\n",
            HistoryCsv.Minutes(history));
    }
}
