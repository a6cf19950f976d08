using FsCheck;
using FsCheck.Fluent;
using StreamGenre.Stages.Announcing;

namespace StreamGenre.Stages.Tests.Announcing;

public class GenreAnnouncerTests
{
    private static readonly string[] Labels = ["blues", "jazz", "rock"];

    [Fact]
    public void Hear_AnotherGenreForFewerWindowsThanTheDwell_IsNotAnnounced()
    {
        var announcer = new GenreAnnouncer(new AnnouncementOptions { DwellWindows = 3 }, Labels);
        Assert.Equal([false, false, true, false], Repeat(4, () => announcer.Hear(1, 0.9f)));
        Assert.Equal([false, false], Repeat(2, () => announcer.Hear(2, 0.9f)));
        Assert.False(announcer.Hear(1, 0.9f));
        Assert.Equal(1, announcer.Announced);
        Assert.Equal([false, false, true], Repeat(3, () => announcer.Hear(2, 0.9f)));
        Assert.Equal(2, announcer.Announced);
    }

    [Fact]
    public void Hear_AtAndUnderAGenresOwnThreshold_AnnouncesOrIsUnsure()
    {
        var options = new AnnouncementOptions { Threshold = 0.5, GenreThresholds = new Dictionary<string, double> { ["jazz"] = 0.8 }, DwellWindows = 1 };
        var announcer = new GenreAnnouncer(options, Labels);
        Assert.True(announcer.Hear(0, 0.5f));
        Assert.True(announcer.Hear(1, 0.79f));
        Assert.Equal(GenreAnnouncer.None, announcer.Announced);
        Assert.True(announcer.Hear(1, 0.8f));
        Assert.Equal(1, announcer.Announced);
    }

    [Fact]
    public void HearNothing_GenreAnnounced_EndsItAtOnceAndTheDwellBeginsAnew()
    {
        var announcer = new GenreAnnouncer(new AnnouncementOptions { DwellWindows = 2 }, Labels);
        Assert.Equal([false, true], Repeat(2, () => announcer.Hear(0, 1)));
        Assert.True(announcer.HearNothing());
        Assert.False(announcer.HearNothing());
        Assert.Equal(GenreAnnouncer.None, announcer.Announced);
        Assert.Equal([false, true], Repeat(2, () => announcer.Hear(0, 1)));
    }

    /// <summary>Against the definition: what is announced is what the last windows on end asked for, or what was announced before.</summary>
    [Fact]
    public void Hear_AnyWindows_AnnouncesWhatTheLastWindowsOnEndAskedFor()
    {
        var windows = Gen.Choose(0, 3).SelectMany(top => Gen.Choose(0, 10), (top, tenths) => (top, confidence: tenths / 10f)).ListOf();
        var cases = from dwell in Gen.Choose(1, 5) from threshold in Gen.Choose(0, 10) from heard in windows select (dwell, threshold: threshold / 10.0, heard);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var announcer = new GenreAnnouncer(new AnnouncementOptions { Threshold = x.threshold, DwellWindows = x.dwell }, Labels);
            var asked = new List<int?>();
            var expected = GenreAnnouncer.None;
            foreach (var (top, confidence) in x.heard)
            {
                // A top genre of 3 stands for a silent window.
                var before = announcer.Announced;
                var changed = top == 3 ? announcer.HearNothing() : announcer.Hear(top, confidence);
                asked.Add(top == 3 ? null : confidence >= (float)x.threshold ? top : GenreAnnouncer.None);
                var last = asked.TakeLast(x.dwell).ToList();
                expected = asked[^1] is null ? GenreAnnouncer.None
                    : last.Count == x.dwell && last.TrueForAll(a => a == asked[^1]) ? asked[^1]!.Value : expected;
                Assert.Equal(expected, announcer.Announced);
                Assert.Equal(before != expected, changed);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Errors_EverythingWrong_NamesValuesAndTheGenresThereAre()
    {
        var errors = new AnnouncementOptions
        {
            Threshold = 1.1,
            GenreThresholds = new Dictionary<string, double> { ["polka"] = 0.5, ["rock"] = -1 },
            DwellWindows = 601,
        }.Errors(Labels);
        Assert.Equal(
        [
            "announcement.threshold is 1.1; it must be 0..1",
            "announcement.genre_thresholds names 'polka', which the model does not know; it knows blues, jazz, rock",
            "announcement.genre_thresholds['rock'] is -1; it must be 0..1",
            "announcement.dwell_windows is 601; it must be 1..600",
        ], errors);
        Assert.Empty(new AnnouncementOptions().Errors(Labels));
    }

    private static List<bool> Repeat(int times, Func<bool> hear) => [.. Enumerable.Range(0, times).Select(_ => hear())];
}
