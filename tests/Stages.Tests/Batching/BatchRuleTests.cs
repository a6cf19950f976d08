using StreamGenre.Stages.Batching;

namespace StreamGenre.Stages.Tests.Batching;

public class BatchRuleTests
{
    [Theory]
    [InlineData(2, 0, 0)] // Idle: at once.
    [InlineData(2, 1, 15)]
    [InlineData(16, 14, 0)] // Another lane is free for whatever comes next.
    [InlineData(16, 15, 15)]
    [InlineData(1, 0, 0)] // Windows gather behind a single lane while it works.
    public void Wait_LanesAtWork_WaitsOnTheLastFreeLaneOnly(int lanes, int atWork, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Busy(lanes, atWork).Wait(new BatchingOptions()));

    [Fact]
    public void Wait_NobodyElseIsToCome_Goes()
    {
        Assert.Equal(TimeSpan.Zero, (Busy(2, 1) with { Windows = 9 }).Wait(new BatchingOptions()));
        Assert.Equal(TimeSpan.Zero, (Busy(2, 1) with { HoldsUpAStream = true }).Wait(new BatchingOptions()));
        Assert.True((Busy(2, 1) with { Age = TimeSpan.FromMilliseconds(30) }).Wait(new BatchingOptions()) <= TimeSpan.Zero);
    }

    /// <summary>Three windows of nine open streams, the first of which came 5 ms ago.</summary>
    private static BatchRule Busy(int lanes, int atWork) => new()
    {
        Windows = 3,
        Age = TimeSpan.FromMilliseconds(5),
        OpenStreams = 9,
        HoldsUpAStream = false,
        Lanes = lanes,
        LanesAtWork = atWork,
    };
}
