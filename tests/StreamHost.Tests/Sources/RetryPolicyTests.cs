using FsCheck;
using FsCheck.Fluent;
using StreamGenre.StreamHost.Sources;

namespace StreamGenre.StreamHost.Tests.Sources;

public sealed class RetryPolicyTests
{
    private static readonly SupervisionOptions Options = new();

    [Fact]
    public void Fail_AnySeed_WaitsBetweenHalfAndAllOfADoublingTime() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        seed =>
        {
            var policy = new RetryPolicy(Options, new Random(seed));
            foreach (var seconds in new[] { 2, 4, 8, 16, 32, 64, 120, 120, 120 })
            {
                Assert.InRange(policy.Fail(wasStable: false).TotalSeconds, Math.Max(1, seconds / 2.0), seconds);
                Assert.False(policy.IsOpen);
            }

            Assert.InRange(policy.Fail(wasStable: false), Options.FailedRetry, Options.FailedRetry * 1.1);
            Assert.True(policy.IsOpen);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fail_AnyHistory_StaysWithinItsBounds() => Prop.ForAll(
        ArbMap.Default.ArbFor<(int Seed, bool[] Stable)>(),
        history =>
        {
            var policy = new RetryPolicy(Options, new Random(history.Seed));
            var inARow = 0;
            foreach (var stable in history.Stable)
            {
                var wait = policy.Fail(stable);
                inARow = stable ? 1 : inARow + 1;
                Assert.Equal((Math.Min(inARow, Options.MaxFailures), inARow >= Options.MaxFailures), (policy.Failures, policy.IsOpen));
                Assert.InRange(wait, Options.MinBackoff, policy.IsOpen ? Options.FailedRetry * 1.1 : Options.MaxBackoff);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Fail_ManySources_DoNotComeBackAsOne()
    {
        var random = new Random(1);
        Assert.InRange(Enumerable.Range(0, 100).Select(_ => Math.Round(AfterSix(random), 1)).Distinct().Count(), 50, 100);
    }

    private static double AfterSix(Random random)
    {
        var policy = new RetryPolicy(Options, random);
        var wait = TimeSpan.Zero;
        for (var i = 0; i < 6; i++)
        {
            wait = policy.Fail(wasStable: false);
        }

        return wait.TotalSeconds;
    }
}
