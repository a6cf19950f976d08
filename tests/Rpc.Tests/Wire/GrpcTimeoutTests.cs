using FsCheck.Fluent;
using Grpc.Wire;
using Check = FsCheck.Check;

namespace StreamGenre.Rpc.Tests.Wire;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("101n", 2)]
    [InlineData("0n", 0)]
    [InlineData("99999999H", 3_599_999_964_000_000_000)]
    public void TryParse_EachUnit_Ticks(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1s")]
    [InlineData("+1S")]
    [InlineData("1.5S")]
    [InlineData(" 1S")]
    [InlineData("123456789S")]
    public void TryParse_Malformed_False(string text) => Assert.False(GrpcTimeout.TryParse(text, out _));

    [Fact]
    public void Format_AnyTime_ParsesBackNoShorterAndWithinItsUnit() => Check.QuickThrowOnFailure(
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), ticks =>
        {
            var timeout = TimeSpan.FromTicks(Math.Abs(ticks % TimeSpan.FromDays(4_000_000).Ticks));
            var text = GrpcTimeout.Format(timeout);
            Assert.InRange(text.Length, 2, 9);
            Assert.True(GrpcTimeout.TryParse(text, out var parsed));
            Assert.True(parsed >= timeout, text);
        }));
}
