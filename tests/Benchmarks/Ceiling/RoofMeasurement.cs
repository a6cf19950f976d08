using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics;
using StreamGenre.Benchmarks.Serving;

namespace StreamGenre.Benchmarks.Ceiling;

/// <summary>The machine's roof (Williams, Waterman, Patterson 2009): how fast one core multiplies and adds, and how fast it reads.</summary>
internal static class RoofMeasurement
{
    private const int Rounds = 40;

    // From the first cache to far beyond the last.
    private static readonly int[] Sizes = [16, 256, 4 * 1024, 128 * 1024];

    /// <summary>Measures both; the best of many rounds, since others' work only ever slows.</summary>
    public static Roof Measure() => new(Gigaflops(), [.. Sizes.Select(kib => new Bandwidth(kib, Reading(kib)))]);

    private static double Gigaflops()
    {
        const int Times = 200_000;
        var best = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var start = ThreadClock.Microseconds();
            var operations = Vector512.IsHardwareAccelerated ? Wide(Times) : Standard(Times);
            best = Math.Max(best, operations / (ThreadClock.Microseconds() - start) / 1000);
        }

        return best;
    }

    // Twelve sums at once: a multiply-add takes four cycles, and up to two begin in each.
    private static long Wide(int times)
    {
        var (x, y) = (Vector512.Create(1.0000001f), Vector512.Create(1e-7f));
        var (a, b, c, d, e, f, g, h, i, j, k, l) = (x, x, x, x, x, x, x, x, x, x, x, x);
        for (var n = 0; n < times; n++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
            k = Vector512.FusedMultiplyAdd(k, x, y);
            l = Vector512.FusedMultiplyAdd(l, x, y);
        }

        Keep(Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l));
        return 12L * 2 * Vector512<float>.Count * times;
    }

    private static long Standard(int times)
    {
        var (x, y) = (new Vector<float>(1.0000001f), new Vector<float>(1e-7f));
        var (a, b, c, d, e, f, g, h, i, j) = (x, x, x, x, x, x, x, x, x, x);
        for (var n = 0; n < times; n++)
        {
            a = Vector.FusedMultiplyAdd(a, x, y);
            b = Vector.FusedMultiplyAdd(b, x, y);
            c = Vector.FusedMultiplyAdd(c, x, y);
            d = Vector.FusedMultiplyAdd(d, x, y);
            e = Vector.FusedMultiplyAdd(e, x, y);
            f = Vector.FusedMultiplyAdd(f, x, y);
            g = Vector.FusedMultiplyAdd(g, x, y);
            h = Vector.FusedMultiplyAdd(h, x, y);
            i = Vector.FusedMultiplyAdd(i, x, y);
            j = Vector.FusedMultiplyAdd(j, x, y);
        }

        Keep(Vector.Sum(a + b + c + d + e + f + g + h + i + j));
        return 10L * 2 * Vector<float>.Count * times;
    }

    private static double Reading(int kib)
    {
        var numbers = new float[kib * 256];
        Array.Fill(numbers, 1f);
        var times = Math.Max(1, 64 * 1024 / kib);
        var best = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var start = ThreadClock.Microseconds();
            for (var n = 0; n < times; n++)
            {
                Keep(Sum(numbers));
            }

            best = Math.Max(best, (double)times * kib * 1024 / (ThreadClock.Microseconds() - start) / 1000);
        }

        return best;
    }

    private static float Sum(float[] numbers)
    {
        var step = Vector512<float>.Count;
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        ref var first = ref numbers[0];
        for (nuint i = 0; i < (nuint)numbers.Length; i += (nuint)(4 * step))
        {
            a += Vector512.LoadUnsafe(ref first, i);
            b += Vector512.LoadUnsafe(ref first, i + (nuint)step);
            c += Vector512.LoadUnsafe(ref first, i + (nuint)(2 * step));
            d += Vector512.LoadUnsafe(ref first, i + (nuint)(3 * step));
        }

        return Vector512.Sum(a + b + c + d);
    }

    // A result that nobody looks at would not be computed.
    private static void Keep(float value)
    {
        if (float.IsNaN(value))
        {
            throw new UnreachableException("The sum is not a number.");
        }
    }
}
