using System.Runtime.CompilerServices;

namespace StreamGenre.Stages.Simd;

/// <summary>Lanes1 in double precision.</summary>
internal readonly unsafe struct DoubleLanes1 : ILanes<double, double>
{
    public static int Count => 1;

    public static double Load(double* source) => *source;

    public static void Store(double value, double* target) => *target = value;

    public static double Broadcast(double value) => value;

    public static double Add(double a, double b) => a + b;

    public static double Subtract(double a, double b) => a - b;

    public static double Multiply(double a, double b) => a * b;

    public static double MultiplyAdd(double a, double b, double c) => double.MultiplyAddEstimate(a, b, c);

    public static double MultiplySubtract(double a, double b, double c) => double.MultiplyAddEstimate(a, b, -c);

    public static double Sum(double value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Reverse(double value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(double* source, out double even, out double odd)
    {
        even = source[0];
        odd = source[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(double a, double b, double c, double d, double* target)
    {
        target[0] = a;
        target[1] = b;
        target[2] = c;
        target[3] = d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleavedQuads(double a, double b, double c, double d, double* target)
        => throw new NotSupportedException("Groups of four lanes need vectors of more than four.");
}
