using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StreamGenre.Stages.Simd;

/// <summary>Eight doubles at a time: AVX-512.</summary>
internal readonly unsafe struct DoubleLanes8 : ILanes<double, Vector512<double>>
{
    public static int Count => 8;

    public static Vector512<double> Load(double* source) => Vector512.Load(source);

    public static void Store(Vector512<double> value, double* target) => value.Store(target);

    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    public static Vector512<double> Add(Vector512<double> a, Vector512<double> b) => a + b;

    public static Vector512<double> Subtract(Vector512<double> a, Vector512<double> b) => a - b;

    public static Vector512<double> Multiply(Vector512<double> a, Vector512<double> b) => a * b;

    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c)
        => Vector512.MultiplyAddEstimate(a, b, c);

    public static Vector512<double> MultiplySubtract(Vector512<double> a, Vector512<double> b, Vector512<double> c)
        => Avx512F.FusedMultiplySubtract(a, b, c);

    public static double Sum(Vector512<double> value) => Vector512.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Reverse(Vector512<double> value) => Vector512.Shuffle(value, Vector512.Create(7L, 6, 5, 4, 3, 2, 1, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(double* source, out Vector512<double> even, out Vector512<double> odd)
    {
        var low = Vector512.Load(source);
        var high = Vector512.Load(source + 8);
        even = Avx512F.PermuteVar8x64x2(low, Vector512.Create(0L, 2, 4, 6, 8, 10, 12, 14), high);
        odd = Avx512F.PermuteVar8x64x2(low, Vector512.Create(1L, 3, 5, 7, 9, 11, 13, 15), high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d, double* target)
    {
        var lowSingles = Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11);
        var highSingles = Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15);
        var lowPairs = Vector512.Create(0L, 1, 8, 9, 2, 3, 10, 11);
        var highPairs = Vector512.Create(4L, 5, 12, 13, 6, 7, 14, 15);
        var abLow = Avx512F.PermuteVar8x64x2(a, lowSingles, b);
        var abHigh = Avx512F.PermuteVar8x64x2(a, highSingles, b);
        var cdLow = Avx512F.PermuteVar8x64x2(c, lowSingles, d);
        var cdHigh = Avx512F.PermuteVar8x64x2(c, highSingles, d);
        Avx512F.PermuteVar8x64x2(abLow, lowPairs, cdLow).Store(target);
        Avx512F.PermuteVar8x64x2(abLow, highPairs, cdLow).Store(target + 8);
        Avx512F.PermuteVar8x64x2(abHigh, lowPairs, cdHigh).Store(target + 16);
        Avx512F.PermuteVar8x64x2(abHigh, highPairs, cdHigh).Store(target + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleavedQuads(Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d, double* target)
    {
        Avx512F.Shuffle4x128(a, b, 0b01_00_01_00).Store(target);
        Avx512F.Shuffle4x128(c, d, 0b01_00_01_00).Store(target + 8);
        Avx512F.Shuffle4x128(a, b, 0b11_10_11_10).Store(target + 16);
        Avx512F.Shuffle4x128(c, d, 0b11_10_11_10).Store(target + 24);
    }
}
