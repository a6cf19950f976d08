using StreamGenre.Stages.Contract;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Tests.Data;

public class TimeScaleTests
{
    private static readonly LogScale Decibels = new(new MelOptions());

    [Fact]
    public void Apply_TwiceAsLong_TakesTheMeanPowerOfPairs()
    {
        float[] source = [0, 0, -10, 0, -30, -20, 3, 3];
        var target = new float[4];

        TimeScale.Apply(source, 4, target, 2, Decibels);

        float[] expected = [0, (float)(10 * Math.Log10((0.1 + 1) / 2)), (float)(10 * Math.Log10((0.001 + 0.01) / 2)), 3];
        Assert.All(expected.Zip(target), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [InlineData(49)]
    [InlineData(31)]
    [InlineData(39)]
    public void Apply_StraightRise_StaysStraightAndIsSteeperTheMoreIsSqueezed(int frames)
    {
        float[] source = [.. Enumerable.Range(0, frames).Select(f => f * 0.1f)];
        var target = new float[39];

        TimeScale.Apply(source, frames, target, 39, Decibels);

        for (var f = 1; f < 38; f++)
        {
            Assert.Equal((((f + 0.5) * frames / 39) - 0.5) * 0.1, target[f], 0.01);
        }
    }

    [Theory]
    [InlineData(LogRule.Decibel, SpectrumKind.Power)]
    [InlineData(LogRule.Decibel, SpectrumKind.Magnitude)]
    [InlineData(LogRule.NaturalWithOffset, SpectrumKind.Power)]
    [InlineData(LogRule.NaturalWithOffset, SpectrumKind.Magnitude)]
    public void LogScale_TenTimesThePower_IsTenDecibelsOfTheCell(LogRule rule, SpectrumKind spectrum)
    {
        var scale = new LogScale(new MelOptions { LogRule = rule, Spectrum = spectrum, LogOffset = 1e-10 });

        foreach (var power in new[] { 1e-4, 1, 50 })
        {
            Assert.Equal(power, scale.ToPower(scale.FromPower(power)), 1e-4 * power);
            Assert.Equal(10 * scale.PerDecibel, scale.FromPower(10 * power) - scale.FromPower(power), 1e-3);
        }

        var x = spectrum == SpectrumKind.Power ? 4 : 2;
        Assert.Equal(rule == LogRule.Decibel ? 10 * Math.Log10(x) : Math.Log(x), scale.FromPower(4), 1e-5);
    }
}
