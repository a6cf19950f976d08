using StreamGenre.StreamHost.LoadTest;

namespace StreamGenre.StreamHost.Tests.LoadTest;

public sealed class LimitSearchTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(7, 100)]
    [InlineData(1234, 100)]
    [InlineData(1234, 1)]
    [InlineData(100, 100)]
    public async Task Find_LoadsUpToALimitHold_ComesWithinFivePercentFromBelow(int limit, int start)
    {
        var tried = new List<int>();
        var found = await LimitSearch.FindAsync(start, number =>
        {
            tried.Add(number);
            return Task.FromResult(number <= limit);
        });
        Assert.InRange(found, limit - Math.Max(1, limit * 0.06), limit);
        Assert.Contains(found, tried);
        Assert.True(tried.Count <= 18, $"tried {string.Join(", ", tried)}");
    }

    [Fact]
    public async Task Find_NothingHolds_IsZero() => Assert.Equal(0, await LimitSearch.FindAsync(100, _ => Task.FromResult(false)));

    [Fact]
    public async Task Find_EverythingHolds_EndsAtTheMost() => Assert.Equal(LimitSearch.Most, await LimitSearch.FindAsync(100, _ => Task.FromResult(true)));
}
