using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StreamGenre.Stages.Simd;

/// <summary>Eight floats at a time: AVX2.</summary>
internal readonly unsafe struct Lanes8 : ILanes<float, Vector256<float>>
{
    public static int Count => 8;

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static void Store(Vector256<float> value, float* target) => value.Store(target);

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c)
        => Vector256.MultiplyAddEstimate(a, b, c);

    public static Vector256<float> MultiplySubtract(Vector256<float> a, Vector256<float> b, Vector256<float> c)
        => Fma.IsSupported ? Fma.MultiplySubtract(a, b, c) : (a * b) - c;

    public static float Sum(Vector256<float> value) => Vector256.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Reverse(Vector256<float> value) => Vector256.Shuffle(value, Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(float* source, out Vector256<float> even, out Vector256<float> odd)
    {
        var low = Vector256.Load(source);
        var high = Vector256.Load(source + 8);
        // The shuffle works within 128-bit halves: 0 2 8 10 | 4 6 12 14; the permutation of pairs puts them in order.
        even = Avx2.Permute4x64(Avx.Shuffle(low, high, 0b10_00_10_00).AsDouble(), 0b11_01_10_00).AsSingle();
        odd = Avx2.Permute4x64(Avx.Shuffle(low, high, 0b11_01_11_01).AsDouble(), 0b11_01_10_00).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float* target)
    {
        var abLow = Avx.UnpackLow(a, b).AsDouble();
        var abHigh = Avx.UnpackHigh(a, b).AsDouble();
        var cdLow = Avx.UnpackLow(c, d).AsDouble();
        var cdHigh = Avx.UnpackHigh(c, d).AsDouble();
        var lanes04 = Avx.UnpackLow(abLow, cdLow).AsSingle();
        var lanes15 = Avx.UnpackHigh(abLow, cdLow).AsSingle();
        var lanes26 = Avx.UnpackLow(abHigh, cdHigh).AsSingle();
        var lanes37 = Avx.UnpackHigh(abHigh, cdHigh).AsSingle();
        Avx.Permute2x128(lanes04, lanes15, 0x20).Store(target);
        Avx.Permute2x128(lanes26, lanes37, 0x20).Store(target + 8);
        Avx.Permute2x128(lanes04, lanes15, 0x31).Store(target + 16);
        Avx.Permute2x128(lanes26, lanes37, 0x31).Store(target + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleavedQuads(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float* target)
    {
        Avx.Permute2x128(a, b, 0x20).Store(target);
        Avx.Permute2x128(c, d, 0x20).Store(target + 8);
        Avx.Permute2x128(a, b, 0x31).Store(target + 16);
        Avx.Permute2x128(c, d, 0x31).Store(target + 24);
    }
}
