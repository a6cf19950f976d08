using System.Runtime.Intrinsics;
using StreamGenre.Stages.Mel;
using StreamGenre.Stages.Simd;
using StreamGenre.Stages.Tests.Golden;

namespace StreamGenre.Stages.Tests.Mel;

public sealed class RealFftTests
{
    [Theory]
    [InlineData(1.5e-7, new[] { 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096 })]
    [InlineData(1e-6, new[] { 3, 5, 6, 7, 9, 10, 12, 15, 25, 27, 50, 81, 100, 101, 375, 400, 441, 600, 1000, 1021, 1536, 1999, 2205 })]
    public void Transform_ManySizes_MatchesNaiveDoubleDft(double tolerance, int[] sizes)
    {
        foreach (var size in sizes)
        {
            var x = Noise(size);
            var (re, im) = Transform(new RealFft(size), x);

            var error = RelativeError(x, re, im);

            Assert.True(error < tolerance, $"size {size}: relative error {error}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Transform_EachVectorWidthOfTheMachine_MatchesNaiveDoubleDft(int lanes)
    {
        var supported = lanes switch
        {
            16 => Vector512.IsHardwareAccelerated,
            8 => Vector256.IsHardwareAccelerated,
            4 => Vector128.IsHardwareAccelerated,
            _ => true,
        };
        // A machine without these vectors never chooses them.
        Assert.True(supported || ComplexFft.WidestLanes(1 << 20) < lanes);
        if (!supported)
        {
            return;
        }

        foreach (var size in new[] { 4 * lanes, 8 * lanes, 16 * lanes, 1024, 2048 })
        {
            var error = ComplexError(new ComplexFft(size, lanes));
            Assert.True(error < 2e-7, $"size {size}: relative error {error}");
        }
    }

    [Fact]
    public void Transform_Twice_LeavesNoTraceOfTheFirst()
    {
        var fft = new RealFft(400);
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
        var fft = new RealFft(16);

        Assert.Throws<ArgumentException>(() => fft.Transform(new float[15], new float[9], new float[9]));
        Assert.Throws<ArgumentException>(() => fft.Transform(new float[16], new float[9], new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft(1));
    }

    [Fact]
    public void Transform_WarmedUp_AllocatesNothing()
    {
        var fft = new RealFft(2048);
        var (x, re, im) = (Noise(2048), new float[1025], new float[1025]);
        fft.Transform(x, re, im);

        var before = GC.GetAllocatedBytesForCurrentThread();
        fft.Transform(x, re, im);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float[] Noise(int count, int seed = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    private static (float[] Re, float[] Im) Transform(RealFft fft, float[] x)
    {
        var (re, im) = (new float[fft.Bins], new float[fft.Bins]);
        fft.Transform(x, re, im);
        return (re, im);
    }

    private static double RelativeError(float[] x, float[] re, float[] im)
    {
        var (wantedRe, wantedIm) = NaiveMel.Dft([.. x.Select(v => (double)v)]);
        var (error, power) = (0.0, 0.0);
        for (var k = 0; k < re.Length; k++)
        {
            error += Math.Pow(re[k] - wantedRe[k], 2) + Math.Pow(im[k] - wantedIm[k], 2);
            power += Math.Pow(wantedRe[k], 2) + Math.Pow(wantedIm[k], 2);
        }

        return Math.Sqrt(error / power);
    }

    // Complex input as two real ones: X = DFT(a) + i·DFT(b), checked over the bins 0..N/2.
    private static unsafe double ComplexError(ComplexFft fft)
    {
        var (a, b) = (Noise(fft.Size, 1), Noise(fft.Size, 2));
        AlignedFloats[] work = [new(fft.Size), new(fft.Size), new(fft.Size), new(fft.Size)];
        a.CopyTo(work[0].Span);
        b.CopyTo(work[1].Span);
        fft.Transform(work[0].Pointer, work[1].Pointer, work[2].Pointer, work[3].Pointer);
        var re = work[fft.EndsInSecond ? 2 : 0].Span;
        var im = work[fft.EndsInSecond ? 3 : 1].Span;
        var (aRe, aIm) = NaiveMel.Dft([.. a.Select(v => (double)v)]);
        var (bRe, bIm) = NaiveMel.Dft([.. b.Select(v => (double)v)]);
        var (error, power) = (0.0, 0.0);
        for (var k = 0; k < aRe.Length; k++)
        {
            var (wantedRe, wantedIm) = (aRe[k] - bIm[k], aIm[k] + bRe[k]);
            error += Math.Pow(re[k] - wantedRe, 2) + Math.Pow(im[k] - wantedIm, 2);
            power += Math.Pow(wantedRe, 2) + Math.Pow(wantedIm, 2);
        }

        return Math.Sqrt(error / power);
    }
}
