using StreamGenre.StreamHost.LoadTest;

namespace StreamGenre.StreamHost.Tests.LoadTest;

public sealed class LoadScheduleTests
{
    [Fact]
    public void DueBy_AnyTime_CountsTheChunksWhoseTimeHasCome()
    {
        var schedule = new LoadSchedule(Start: 1000, LeadChunks: 20, ChunkTicks: 7);
        for (var now = 900L; now < 1200; now++)
        {
            var due = schedule.DueBy(now);
            Assert.True(due == 0 || schedule.DueAt(due - 1) <= now);
            Assert.True(schedule.DueAt(due) > now);
        }
    }

    [Theory]
    [InlineData(3.0, 0.1, 29)]
    [InlineData(3.05, 0.1, 30)]
    [InlineData(86_400.0, 0.1, 863_999)]
    [InlineData(3.0, 0.09995465, 30)]
    public void ChunkOf_EndOfAWindow_IsTheChunkWithItsLastSample(double end, double chunk, long expected) =>
        Assert.Equal(expected, LoadSchedule.ChunkOf(TimeSpan.FromSeconds(end), TimeSpan.FromSeconds(chunk)));

    [Fact]
    public void Percentiles_OfOneToAThousand_AreTheNearestRanks()
    {
        var times = Enumerable.Range(1, 1000).Reverse().Select(ms => TimeSpan.FromMilliseconds(ms));
        Assert.Equal(new Percentiles(1000, 500, 950, 990, 999, 1000), Percentiles.Of(times));
        Assert.Equal(new Percentiles(0, 0, 0, 0, 0, 0), Percentiles.Of([]));
    }
}
