using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StreamGenre.Stages.Simd;

/// <summary>Four doubles at a time: AVX2.</summary>
internal readonly unsafe struct DoubleLanes4 : ILanes<double, Vector256<double>>
{
    public static int Count => 4;

    public static Vector256<double> Load(double* source) => Vector256.Load(source);

    public static void Store(Vector256<double> value, double* target) => value.Store(target);

    public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

    public static Vector256<double> Add(Vector256<double> a, Vector256<double> b) => a + b;

    public static Vector256<double> Subtract(Vector256<double> a, Vector256<double> b) => a - b;

    public static Vector256<double> Multiply(Vector256<double> a, Vector256<double> b) => a * b;

    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c)
        => Vector256.MultiplyAddEstimate(a, b, c);

    public static Vector256<double> MultiplySubtract(Vector256<double> a, Vector256<double> b, Vector256<double> c)
        => Fma.IsSupported ? Fma.MultiplySubtract(a, b, c) : (a * b) - c;

    public static double Sum(Vector256<double> value) => Vector256.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Reverse(Vector256<double> value) => Vector256.Shuffle(value, Vector256.Create(3L, 2, 1, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(double* source, out Vector256<double> even, out Vector256<double> odd)
    {
        var low = Vector256.Load(source);
        var high = Vector256.Load(source + 4);
        // Unpacking works within 128-bit halves: 0 4 2 6 and 1 5 3 7.
        even = Avx2.Permute4x64(Avx.UnpackLow(low, high), 0b11_01_10_00);
        odd = Avx2.Permute4x64(Avx.UnpackHigh(low, high), 0b11_01_10_00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d, double* target)
    {
        var ab02 = Avx.UnpackLow(a, b);
        var ab13 = Avx.UnpackHigh(a, b);
        var cd02 = Avx.UnpackLow(c, d);
        var cd13 = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab02, cd02, 0x20).Store(target);
        Avx.Permute2x128(ab13, cd13, 0x20).Store(target + 4);
        Avx.Permute2x128(ab02, cd02, 0x31).Store(target + 8);
        Avx.Permute2x128(ab13, cd13, 0x31).Store(target + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleavedQuads(Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d, double* target)
        => throw new NotSupportedException("Groups of four lanes need vectors of more than four.");
}
