using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StreamGenre.Stages.Simd;

/// <summary>Two doubles at a time: SSE2 and Arm's Advanced SIMD.</summary>
internal readonly unsafe struct DoubleLanes2 : ILanes<double, Vector128<double>>
{
    public static int Count => 2;

    public static Vector128<double> Load(double* source) => Vector128.Load(source);

    public static void Store(Vector128<double> value, double* target) => value.Store(target);

    public static Vector128<double> Broadcast(double value) => Vector128.Create(value);

    public static Vector128<double> Add(Vector128<double> a, Vector128<double> b) => a + b;

    public static Vector128<double> Subtract(Vector128<double> a, Vector128<double> b) => a - b;

    public static Vector128<double> Multiply(Vector128<double> a, Vector128<double> b) => a * b;

    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c)
        => Vector128.MultiplyAddEstimate(a, b, c);

    public static Vector128<double> MultiplySubtract(Vector128<double> a, Vector128<double> b, Vector128<double> c)
        => Fma.IsSupported ? Fma.MultiplySubtract(a, b, c) : (a * b) - c;

    public static double Sum(Vector128<double> value) => Vector128.Sum(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Reverse(Vector128<double> value) => Vector128.Shuffle(value, Vector128.Create(1L, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(double* source, out Vector128<double> even, out Vector128<double> odd)
    {
        var low = Vector128.Load(source);
        var high = Vector128.Load(source + 2);
        even = Vector128.Create(low.GetLower(), high.GetLower());
        odd = Vector128.Create(low.GetUpper(), high.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(Vector128<double> a, Vector128<double> b, Vector128<double> c, Vector128<double> d, double* target)
    {
        Vector128.Create(a.GetLower(), b.GetLower()).Store(target);
        Vector128.Create(c.GetLower(), d.GetLower()).Store(target + 2);
        Vector128.Create(a.GetUpper(), b.GetUpper()).Store(target + 4);
        Vector128.Create(c.GetUpper(), d.GetUpper()).Store(target + 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleavedQuads(Vector128<double> a, Vector128<double> b, Vector128<double> c, Vector128<double> d, double* target)
        => throw new NotSupportedException("Groups of four lanes need vectors of more than four.");
}
