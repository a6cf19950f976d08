using StreamGenre.Stages.Contract;
using StreamGenre.Stages.Wavelet;

namespace StreamGenre.Stages.Tests.Wavelet;

public sealed class WaveletFilterTests
{
    [Theory]
    [InlineData(WaveletFamily.Haar, 1)]
    [InlineData(WaveletFamily.Db4, 4)]
    [InlineData(WaveletFamily.Db8, 8)]
    [InlineData(WaveletFamily.Sym8, 8)]
    public void Filters_AnyFamily_AreOrthonormalWithTheirVanishingMoments(WaveletFamily family, int moments)
    {
        var (low, high) = (WaveletFilter.LowPass(family).ToArray(), WaveletFilter.HighPass(family));

        Assert.Equal(2 * moments, low.Length);
        for (var shift = 0; shift < low.Length; shift += 2)
        {
            var expected = shift == 0 ? 1 : 0;
            Assert.Equal(expected, Product(low, low, shift), 1e-10);
            Assert.Equal(expected, Product(high, high, shift), 1e-10);
            Assert.Equal(0, Product(low, high, shift), 1e-10);
            Assert.Equal(0, Product(high, low, shift), 1e-10);
        }

        // A polynomial below the degree of the moments leaves nothing in the high-pass filter.
        for (var degree = 0; degree < moments; degree++)
        {
            Assert.Equal(0, high.Select((g, k) => g * Math.Pow((double)k / low.Length, degree)).Sum(), 1e-9);
        }
    }

    [Fact]
    public void LowPass_UnknownFamily_Throws()
        => Assert.Throws<ArgumentOutOfRangeException>(() => WaveletFilter.LowPass((WaveletFamily)99).Length);

    private static double Product(double[] a, double[] b, int shift) => a.Skip(shift).Zip(b, (x, y) => x * y).Sum();
}
