using System.Globalization;
using StreamGenre.StreamHost.History;

namespace StreamGenre.StreamHost.Tests.History;

public sealed class HistoryMomentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("two", TimeSpan.FromHours(2), "two", "two");

    [Theory]
    [InlineData("90s", "2026-11-21T11:58:30Z")]
    [InlineData("15m", "2026-11-21T11:45:00Z")]
    [InlineData("2h", "2026-11-21T10:00:00Z")]
    [InlineData("1.5h", "2026-11-21T10:30:00Z")]
    [InlineData("7d", "2026-11-14T12:00:00Z")]
    [InlineData("2026-11-21", "2026-11-20T22:00:00Z")]
    [InlineData("2026-11-21T10:00", "2026-11-21T08:00:00Z")]
    [InlineData("2026-11-21T10:00Z", "2026-11-21T10:00:00Z")]
    [InlineData("2026-11-21T10:00:30+01:00", "2026-11-21T09:00:30Z")]
    public void TryParse_MomentsAsPeopleWriteThem_GivesThem(string text, string expected)
    {
        Assert.True(HistoryMoment.TryParse(text, Now, Zone, out var moment));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), moment);
    }

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("-2h")]
    [InlineData("2 h")]
    [InlineData("2w")]
    [InlineData("99999999d")]
    [InlineData("10:00")]
    [InlineData("Saturday")]
    [InlineData("2026-13-01")]
    [InlineData("NaNs")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(HistoryMoment.TryParse(text, Now, Zone, out _));
}
