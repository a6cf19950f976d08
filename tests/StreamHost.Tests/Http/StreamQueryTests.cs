using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using StreamGenre.StreamHost.Http;

namespace StreamGenre.StreamHost.Tests.Http;

public sealed class StreamQueryTests
{
    [Fact]
    public void ReadRules_SilenceAndAnnouncement_StandInTheConfig()
    {
        var config = StreamQuery.ReadRules(Query(("silence", "-50.5"), ("threshold", "0.6"), ("dwell", "5")));
        Assert.Equal((-50.5f, false), (config.Silence.CloseDbfs, config.Silence.HasOpenDbfs));
        Assert.Equal((0.6f, 5), (config.Announcement.Threshold, config.Announcement.DwellWindows));
    }

    [Fact]
    public void ReadRules_NothingTold_LeavesItToTheServer()
    {
        var config = StreamQuery.ReadRules(Query());
        Assert.Null(config.Silence);
        Assert.Equal((false, 0), (config.Announcement.HasThreshold, config.Announcement.DwellWindows));
    }

    [Fact]
    public void ReadRules_NoNumbers_SaysWhatTheyMustBe()
    {
        var error = Assert.Throws<HttpRefusedException>(() => StreamQuery.ReadRules(Query(("silence", "quiet"), ("threshold", "x"), ("dwell", "1.5"))));
        Assert.Equal("silence is 'quiet'; it must be a level in dB, -200..0; threshold is 'x'; it must be a number, 0..1; dwell is '1.5'; it must be a whole number of windows, 1..600.", error.Message);
    }

    [Fact]
    public void Read_OutOfRange_NamesEachByTheQuerysNameAsItWasWritten()
    {
        var error = Assert.Throws<HttpRefusedException>(() => StreamQuery.Read(Query(
            ("rate", "5"), ("channels", "9"), ("hop", "0.01"), ("smoothing", "601"), ("silence", "3"), ("threshold", "1.5"), ("dwell", "0"), ("mode", "median"))));
        Assert.Equal(
            [
                "mode is 'median'; it must be mean, exponential or log-mean", "hop is '0.01'; it must be seconds, 0.1..30", "smoothing is '601'; it must be seconds, 1..600",
                "silence is '3'; it must be a level in dB, -200..0", "threshold is '1.5'; it must be a number, 0..1", "dwell is '0'; it must be a whole number of windows, 1..600",
                "rate is '5'; it must be a whole number of Hz, 8000..192000", "channels is '9'; it must be a whole number of channels, 1..8.",
            ],
            error.Message.Split("; ").Chunk(2).Select(parts => string.Join("; ", parts)));
    }

    private static QueryCollection Query(params (string Name, string Value)[] pairs) =>
        new(pairs.ToDictionary(pair => pair.Name, pair => new StringValues(pair.Value)));
}
