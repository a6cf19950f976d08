using FsCheck;
using FsCheck.Fluent;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Tests.Sources;

public sealed class SourceWatchTests
{
    private static readonly SupervisionOptions Options = new();

    [Fact]
    public void Check_NoAudioAtAll_ConnectsUntilItsTimeIsUp()
    {
        var watch = new SourceWatch(Options, At(100));
        Assert.Null(watch.Check(At(129.9)));
        Assert.Equal(SourceState.Connecting, watch.State);
        Assert.Equal("no audio came within 30 s", watch.Check(At(130)));
        Assert.False(watch.IsStable);
    }

    [Fact]
    public void Check_AudioStopsAndComesBack_StallsAndIsLiveAgain()
    {
        var watch = new SourceWatch(Options, At(0));
        watch.Hear(At(1), isSilent: false);
        Assert.Equal((null, SourceState.Live), (watch.Check(At(5.9)), watch.State));
        Assert.Equal((null, SourceState.Stalled), (watch.Check(At(6)), watch.State));
        watch.Hear(At(7), isSilent: false);
        Assert.Equal((null, SourceState.Live), (watch.Check(At(11.9)), watch.State));
        Assert.Equal("the connection is open, but no audio came for 20 s", watch.Check(At(27)));
    }

    [Fact]
    public void Hear_DigitalSilence_IsSilentAfterAWhileUntilASoundComes()
    {
        var watch = new SourceWatch(Options, At(0));
        for (var second = 1; second <= 40; second++)
        {
            watch.Hear(At(second), isSilent: second > 5);
            Assert.Null(watch.Check(At(second)));
            Assert.Equal(second >= 36 ? SourceState.Silent : SourceState.Live, watch.State);
        }

        watch.Hear(At(41), isSilent: false);
        Assert.Equal(SourceState.Live, watch.State);
        Assert.True(watch.IsStable);
    }

    [Fact]
    public void Check_DigitalSilenceForTenMinutes_AsksForANewConnection()
    {
        Assert.Equal("nothing but digital silence for 600 s", SilentFor(Options, 600));
        Assert.Null(SilentFor(Options, 599));
        Assert.Null(SilentFor(Options with { SilentRestart = TimeSpan.Zero }, 6000));
    }

    [Fact]
    public void State_AnyEvents_FollowsFromThemAndNeverSkipsTheStall() => Prop.ForAll(
        ArbMap.Default.ArbFor<(byte Wait, bool Hear, bool Silent)[]>(),
        events =>
        {
            var watch = new SourceWatch(Options, At(0));
            var (now, last, heard) = (0.0, 0.0, false);
            foreach (var (wait, hear, silent) in events)
            {
                now += wait / 10.0;
                if (hear)
                {
                    watch.Hear(At(now), silent);
                    (last, heard) = (now, true);
                }

                var reason = watch.Check(At(now));
                var quiet = At(now) - At(last);
                Assert.Equal(!heard, watch.State == SourceState.Connecting);
                Assert.Equal(heard && quiet >= Options.StalledAfter, watch.State == SourceState.Stalled);
                Assert.True(reason is not null || quiet < (heard ? Options.RestartAfter : Options.ConnectTimeout));
            }
        }).QuickCheckThrowOnFailure();

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static string? SilentFor(SupervisionOptions options, int seconds)
    {
        var watch = new SourceWatch(options, At(0));
        for (var second = 1; second <= seconds; second++)
        {
            watch.Hear(At(second), isSilent: true);
        }

        watch.Hear(At(seconds + 1), isSilent: true);
        return watch.Check(At(seconds + 1));
    }
}
