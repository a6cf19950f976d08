using System.Numerics;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Simd;
using StreamGenre.Stages.Tests.Golden;

namespace StreamGenre.Stages.Tests.Mel;

public sealed class RealFftTests
{
    private static readonly int[] Sizes =
    [
        2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
        3, 5, 6, 7, 9, 10, 12, 15, 25, 27, 50, 81, 100, 101, 375, 400, 441, 600, 1000, 1021, 1536, 1999, 2205,
    ];

    [Fact]
    public void Transform_ManySizesInSingle_MatchesNaiveDoubleDft() => AssertMatches<float>(2.5e-7);

    // The naive sum's own rounding is what is seen here.
    [Fact]
    public void Transform_ManySizesInDouble_MatchesNaiveDoubleDft() => AssertMatches<double>(1e-13);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Transform_EachVectorWidthInSingle_MatchesNaiveDoubleDft(int lanes) => AssertWidthMatches<float>(lanes, 2e-7);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Transform_EachVectorWidthInDouble_MatchesNaiveDoubleDft(int lanes) => AssertWidthMatches<double>(lanes, 1e-13);

    [Fact]
    public void Transform_Twice_LeavesNoTraceOfTheFirst()
    {
        var fft = new RealFft<float>(400);
        var x = Noise(400);
        var first = Transform(fft, x);
        Transform(fft, Noise(400, seed: 5));

        var again = Transform(fft, x);

        Assert.Equal(first.Re, again.Re);
        Assert.Equal(first.Im, again.Im);
    }

    [Fact]
    public void Transform_WrongLengths_Throw()
    {
        var fft = new RealFft<float>(16);

        Assert.Throws<ArgumentException>(() => fft.Transform(new float[15], new float[9], new float[9]));
        Assert.Throws<ArgumentException>(() => fft.Transform(new float[16], new float[9], new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft<float>(1));
    }

    [Fact]
    public void Transform_WarmedUp_AllocatesNothing()
    {
        var fft = new RealFft<float>(2048);
        var (x, re, im) = (Noise(2048), new float[1025], new float[1025]);

        // The runtime allocates now and then as it compiles anew; what the transform allocates it would every time.
        var least = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            fft.Transform(x, re, im);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });

        Assert.Equal(0, least);
    }

    [Fact]
    public void Constructor_AnotherPrecision_IsRefused() => Assert.Throws<NotSupportedException>(() => new RealFft<Half>(16));

    private static void AssertMatches<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var size in Sizes)
        {
            var x = Noise(size);
            var fft = new RealFft<T>(size);
            var (re, im) = (new T[fft.Bins], new T[fft.Bins]);
            fft.Transform([.. x.Select(T.CreateChecked)], re, im);

            var error = RelativeError(re, im, NaiveMel.Dft([.. x.Select(v => (double)v)]));

            Assert.True(error < tolerance, $"size {size}: relative error {error}");
        }
    }

    private static void AssertWidthMatches<T>(int lanes, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var widest = ComplexFft<T>.WidestLanes(1 << 20);
        if (lanes > widest)
        {
            // This machine lacks these vectors and never chooses them.
            Assert.All(Sizes, size => Assert.InRange(ComplexFft<T>.WidestLanes(size), 1, widest));
            return;
        }

        foreach (var size in new[] { 4 * lanes, 8 * lanes, 16 * lanes, 1024, 2048 })
        {
            var error = ComplexError(new ComplexFft<T>(size, lanes));
            Assert.True(error < tolerance, $"size {size}: relative error {error}");
        }
    }

    private static float[] Noise(int count, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    private static (float[] Re, float[] Im) Transform(RealFft<float> fft, float[] x)
    {
        var (re, im) = (new float[fft.Bins], new float[fft.Bins]);
        fft.Transform(x, re, im);
        return (re, im);
    }

    private static double RelativeError<T>(ReadOnlySpan<T> re, ReadOnlySpan<T> im, (double[] Re, double[] Im) wanted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (error, power) = (0.0, 0.0);
        for (var k = 0; k < wanted.Re.Length; k++)
        {
            error += Math.Pow(double.CreateChecked(re[k]) - wanted.Re[k], 2) + Math.Pow(double.CreateChecked(im[k]) - wanted.Im[k], 2);
            power += Math.Pow(wanted.Re[k], 2) + Math.Pow(wanted.Im[k], 2);
        }

        return Math.Sqrt(error / power);
    }

    // Complex input as two real ones: X = DFT(a) + i·DFT(b), checked over the bins 0..N/2.
    private static unsafe double ComplexError<T>(ComplexFft<T> fft)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (a, b) = (Noise(fft.Size, 1), Noise(fft.Size, 2));
        AlignedArray<T>[] work = [new(fft.Size), new(fft.Size), new(fft.Size), new(fft.Size)];
        for (var i = 0; i < fft.Size; i++)
        {
            work[0].Span[i] = T.CreateChecked(a[i]);
            work[1].Span[i] = T.CreateChecked(b[i]);
        }

        fft.Transform(work[0].Pointer, work[1].Pointer, work[2].Pointer, work[3].Pointer);
        var (aRe, aIm) = NaiveMel.Dft([.. a.Select(v => (double)v)]);
        var (bRe, bIm) = NaiveMel.Dft([.. b.Select(v => (double)v)]);
        double[] re = [.. aRe.Zip(bIm, (x, y) => x - y)];
        double[] im = [.. aIm.Zip(bRe, (x, y) => x + y)];
        return RelativeError<T>(work[fft.EndsInSecond ? 2 : 0].Span, work[fft.EndsInSecond ? 3 : 1].Span, (re, im));
    }
}
