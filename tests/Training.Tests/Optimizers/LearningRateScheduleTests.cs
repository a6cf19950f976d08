using StreamGenre.Training.Optimizers;

namespace StreamGenre.Training.Tests.Optimizers;

public class LearningRateScheduleTests
{
    [Fact]
    public void Rate_OneCycle_RisesOnceAndFallsOnce()
    {
        var rates = Rates(ScheduleKind.OneCycle, 101, 0.01);

        Assert.Equal(0.01 / 25, rates[0], 1e-9);
        Assert.Equal(0.01, rates[20], 1e-9);
        Assert.Equal(0.01 * 1e-5, rates[100], 1e-9);
        Assert.All(Enumerable.Range(0, 20), step => Assert.True(rates[step + 1] > rates[step]));
        Assert.All(Enumerable.Range(20, 80), step => Assert.True(rates[step + 1] < rates[step]));
    }

    [Fact]
    public void Rate_Cosine_IsTheHalfCosineOfTheSteps()
    {
        var rates = Rates(ScheduleKind.Cosine, 200, 0.4);

        Assert.All(Enumerable.Range(0, 200), step => Assert.Equal(0.2 * (1 + Math.Cos(Math.PI * step / 200)), rates[step], 1e-12));
    }

    [Fact]
    public void Rate_CosineWithWarmUp_RisesInAStraightLineToTheTopOfTheCosine()
    {
        var rates = Rates(ScheduleKind.Cosine, 100, 1, 0.1);

        Assert.All(Enumerable.Range(0, 10), step => Assert.Equal((step + 1) / 10.0, rates[step], 1e-12));
        Assert.All(Enumerable.Range(10, 90), step => Assert.Equal(0.5 * (1 + Math.Cos(Math.PI * (step - 10) / 90)), rates[step], 1e-12));
    }

    [Fact]
    public void Rate_Constant_StaysAfterTheWarmUp()
    {
        Assert.All(Rates(ScheduleKind.Constant, 10, 0.3), rate => Assert.Equal(0.3, rate));
        Assert.Equal([0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1], Rates(ScheduleKind.Constant, 10, 1, 0.2));
    }

    [Fact]
    public void Rate_OneCycleWithWarmUp_IsHighestAtItsEnd() => Assert.Equal(50, Array.IndexOf(Rates(ScheduleKind.OneCycle, 101, 1, 0.5), 1.0));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Rate_VeryShortRun_StaysWithinTheHighest(int steps) => Assert.All(
        Enum.GetValues<ScheduleKind>().SelectMany(kind => Rates(kind, steps, 1).Concat(Rates(kind, steps, 1, 0.9))),
        rate => Assert.InRange(rate, 1e-9, 1));

    private static double[] Rates(ScheduleKind kind, int steps, double highest, double? warmUp = null)
    {
        var schedule = new LearningRateSchedule(kind, highest, steps, warmUp);
        return Enumerable.Range(0, steps).Select(schedule.Rate).ToArray();
    }
}
