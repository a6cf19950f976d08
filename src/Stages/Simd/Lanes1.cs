using System.Runtime.CompilerServices;

namespace StreamGenre.Stages.Simd;

/// <summary>One float at a time: machines without vectors, and transforms too short for them.</summary>
internal readonly unsafe struct Lanes1 : ILanes<float, float>
{
    public static int Count => 1;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* target) => *target = value;

    public static float Broadcast(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float MultiplyAdd(float a, float b, float c) => float.MultiplyAddEstimate(a, b, c);

    public static float MultiplySubtract(float a, float b, float c) => float.MultiplyAddEstimate(a, b, -c);

    public static float Sum(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Reverse(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadPairs(float* source, out float even, out float odd)
    {
        even = source[0];
        odd = source[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleaved(float a, float b, float c, float d, float* target)
    {
        target[0] = a;
        target[1] = b;
        target[2] = c;
        target[3] = d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreInterleavedQuads(float a, float b, float c, float d, float* target)
        => throw new NotSupportedException("Groups of four lanes need vectors of more than four.");
}
