using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using StreamGenre.Stages;
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
        var error = Assert.Throws<StreamOptionsException>(() => StreamQuery.ReadRules(Query(("silence", "quiet"), ("threshold", "x"), ("dwell", "1.5"))));
        Assert.Equal(["silence is 'quiet'; it must be a level in dB, -200..0", "dwell is '1.5'; it must be a whole number of windows, 1..600", "threshold is 'x'; it must be a number, 0..1"], error.Errors);
    }

    private static QueryCollection Query(params (string Name, string Value)[] pairs) =>
        new(pairs.ToDictionary(pair => pair.Name, pair => new StringValues(pair.Value)));
}
