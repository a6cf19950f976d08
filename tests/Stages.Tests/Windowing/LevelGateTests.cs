using FsCheck;
using FsCheck.Fluent;
using StreamGenre.Stages.Windowing;

namespace StreamGenre.Stages.Tests.Windowing;

public class LevelGateTests
{
    [Fact]
    public void IsSilent_LevelsAroundBothThresholds_ClosesUnderOneAndOpensAtTheOther()
    {
        var gate = new LevelGate(new SilenceOptions());
        double[] levels = [-59, -60, -60.1, -57, -54.1, -54, -59, -120];
        Assert.Equal([false, false, true, true, true, false, false, true], levels.Select(gate.IsSilent));
    }

    [Fact]
    public void IsSilent_AnyLevels_SwitchesOnlyWhereALevelCrossesTheThresholdOfItsSide()
    {
        var cases = from close in Gen.Choose(-120, 0)
                    from up in Gen.Choose(0, -close)
                    from levels in Gen.Choose(-1200, 0).Select(tenths => tenths / 10.0).ArrayOf()
                    select (close, open: close + up, levels);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var gate = new LevelGate(new SilenceOptions { CloseDbfs = x.close, OpenDbfs = x.open });
            var silent = false;
            foreach (var level in x.levels)
            {
                var next = gate.IsSilent(level);
                Assert.Equal(level < x.close || (silent && level < x.open), next);
                silent = next;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void IsSilent_LevelBetweenTheThresholds_NeverSwitches()
    {
        Prop.ForAll(Gen.Choose(-600, -541).ListOf().ToArbitrary(), tenths =>
        {
            var heard = new LevelGate(new SilenceOptions());
            var silent = new LevelGate(new SilenceOptions());
            Assert.True(silent.IsSilent(-61));
            Assert.All(tenths, level => Assert.False(heard.IsSilent(level / 10.0)));
            Assert.All(tenths, level => Assert.True(silent.IsSilent(level / 10.0)));
        }).Check(Config.QuickThrowOnFailure);
    }

    [Theory]
    [InlineData(-201, -54, "close_dbfs is -201")]
    [InlineData(double.NaN, -54, "close_dbfs is NaN")]
    [InlineData(-60, -61, "open_dbfs is -61; it must be -60..0")]
    [InlineData(-60, 0.5, "open_dbfs is 0.5; it must be -60..0")]
    [InlineData(-60, double.NaN, "open_dbfs is NaN")]
    public void Errors_OutOfRange_NamesValueAndLimit(double close, double open, string part)
        => Assert.Contains(part, Assert.Single(new SilenceOptions { CloseDbfs = close, OpenDbfs = open }.Errors()), StringComparison.Ordinal);
}
