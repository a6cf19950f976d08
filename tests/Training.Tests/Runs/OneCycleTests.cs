using StreamGenre.Training.Runs;

namespace StreamGenre.Training.Tests.Runs;

public class OneCycleTests
{
    [Fact]
    public void Rate_WholeRun_RisesOnceAndFallsOnce()
    {
        var rates = Enumerable.Range(0, 101).Select(step => OneCycle.Rate(step, 101, 0.01)).ToArray();

        Assert.Equal(0.01 / 25, rates[0], 1e-9);
        Assert.Equal(0.01, rates[20], 1e-9);
        Assert.Equal(0.01 * 1e-5, rates[100], 1e-9);
        Assert.All(Enumerable.Range(0, 20), step => Assert.True(rates[step + 1] > rates[step]));
        Assert.All(Enumerable.Range(20, 80), step => Assert.True(rates[step + 1] < rates[step]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Rate_VeryShortRun_StaysWithinTheHighest(int steps) =>
        Assert.All(Enumerable.Range(0, steps), step => Assert.InRange(OneCycle.Rate(step, steps, 1), 1e-9, 1));
}
