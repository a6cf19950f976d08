using System.Runtime.CompilerServices;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Mel;

/// <summary>The passes of <see cref="ComplexFft{T}"/>: from (xr, xi) to (yr, yi), i = q + s·p.</summary>
internal static unsafe class FftPass<T, TLanes, TVector>
    where T : unmanaged
    where TLanes : struct, ILanes<T, TVector>
    where TVector : struct
{
    /// <summary>Radix 4 at a stride under the vector width: 1 (single) or 4.</summary>
    public static void ShortStrideRadix4(T* xr, T* xi, T* yr, T* yi, int quarter, bool single, T* w)
    {
        for (var i = 0; i < quarter; i += TLanes.Count)
        {
            Butterfly(
                xr + i, xi + i, quarter, out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
            Rotate(ref r1, ref i1, TLanes.Load(w + i), TLanes.Load(w + quarter + i));
            Rotate(ref r2, ref i2, TLanes.Load(w + (2 * quarter) + i), TLanes.Load(w + (3 * quarter) + i));
            Rotate(ref r3, ref i3, TLanes.Load(w + (4 * quarter) + i), TLanes.Load(w + (5 * quarter) + i));
            if (single)
            {
                TLanes.StoreInterleaved(r0, r1, r2, r3, yr + (4 * i));
                TLanes.StoreInterleaved(i0, i1, i2, i3, yi + (4 * i));
            }
            else
            {
                TLanes.StoreInterleavedQuads(r0, r1, r2, r3, yr + (4 * i));
                TLanes.StoreInterleavedQuads(i0, i1, i2, i3, yi + (4 * i));
            }
        }
    }

    /// <summary>Radix 4 at a stride of whole vectors.</summary>
    public static void LongStrideRadix4(T* xr, T* xi, T* yr, T* yi, int groups, int stride, T* w)
    {
        var quarter = groups * stride;
        for (var p = 0; p < groups; p++, w += 6)
        {
            var w1r = TLanes.Broadcast(w[0]);
            var w1i = TLanes.Broadcast(w[1]);
            var w2r = TLanes.Broadcast(w[2]);
            var w2i = TLanes.Broadcast(w[3]);
            var w3r = TLanes.Broadcast(w[4]);
            var w3i = TLanes.Broadcast(w[5]);
            for (var q = 0; q < stride; q += TLanes.Count)
            {
                var i = (p * stride) + q;
                Butterfly(
                    xr + i, xi + i, quarter, out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
                Rotate(ref r1, ref i1, w1r, w1i);
                Rotate(ref r2, ref i2, w2r, w2i);
                Rotate(ref r3, ref i3, w3r, w3i);
                StoreApart(r0, r1, r2, r3, yr + (4 * p * stride) + q, stride);
                StoreApart(i0, i1, i2, i3, yi + (4 * p * stride) + q, stride);
            }
        }
    }

    /// <summary>Sub-transforms of length 4: every twiddle is 1.</summary>
    public static void LastRadix4(T* xr, T* xi, T* yr, T* yi, int stride)
    {
        for (var q = 0; q < stride; q += TLanes.Count)
        {
            Butterfly(
                xr + q, xi + q, stride, out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
            StoreApart(r0, r1, r2, r3, yr + q, stride);
            StoreApart(i0, i1, i2, i3, yi + q, stride);
        }
    }

    /// <summary>Sub-transforms of length 2.</summary>
    public static void Radix2(T* xr, T* xi, T* yr, T* yi, int stride)
    {
        for (var q = 0; q < stride; q += TLanes.Count)
        {
            var (ar, br) = (TLanes.Load(xr + q), TLanes.Load(xr + stride + q));
            var (ai, bi) = (TLanes.Load(xi + q), TLanes.Load(xi + stride + q));
            TLanes.Store(TLanes.Add(ar, br), yr + q);
            TLanes.Store(TLanes.Add(ai, bi), yi + q);
            TLanes.Store(TLanes.Subtract(ar, br), yr + stride + q);
            TLanes.Store(TLanes.Subtract(ai, bi), yi + stride + q);
        }
    }

    // y0 = (a+c)+(b+d), y1 = (a−c)−i(b−d), y2 = (a+c)−(b+d), y3 = (a−c)+i(b−d)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Butterfly(
        T* xr,
        T* xi,
        int quarter,
        out TVector r0,
        out TVector i0,
        out TVector r1,
        out TVector i1,
        out TVector r2,
        out TVector i2,
        out TVector r3,
        out TVector i3)
    {
        var ar = TLanes.Load(xr);
        var br = TLanes.Load(xr + quarter);
        var cr = TLanes.Load(xr + (2 * quarter));
        var dr = TLanes.Load(xr + (3 * quarter));
        var ai = TLanes.Load(xi);
        var bi = TLanes.Load(xi + quarter);
        var ci = TLanes.Load(xi + (2 * quarter));
        var di = TLanes.Load(xi + (3 * quarter));
        var sumAcR = TLanes.Add(ar, cr);
        var sumAcI = TLanes.Add(ai, ci);
        var difAcR = TLanes.Subtract(ar, cr);
        var difAcI = TLanes.Subtract(ai, ci);
        var sumBdR = TLanes.Add(br, dr);
        var sumBdI = TLanes.Add(bi, di);
        var difBdR = TLanes.Subtract(br, dr);
        var difBdI = TLanes.Subtract(bi, di);
        r0 = TLanes.Add(sumAcR, sumBdR);
        i0 = TLanes.Add(sumAcI, sumBdI);
        r1 = TLanes.Add(difAcR, difBdI);
        i1 = TLanes.Subtract(difAcI, difBdR);
        r2 = TLanes.Subtract(sumAcR, sumBdR);
        i2 = TLanes.Subtract(sumAcI, sumBdI);
        r3 = TLanes.Subtract(difAcR, difBdI);
        i3 = TLanes.Add(difAcI, difBdR);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rotate(ref TVector re, ref TVector im, TVector cos, TVector sin)
    {
        var turned = TLanes.MultiplySubtract(re, cos, TLanes.Multiply(im, sin));
        im = TLanes.MultiplyAdd(re, sin, TLanes.Multiply(im, cos));
        re = turned;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreApart(TVector a, TVector b, TVector c, TVector d, T* target, int stride)
    {
        TLanes.Store(a, target);
        TLanes.Store(b, target + stride);
        TLanes.Store(c, target + (2 * stride));
        TLanes.Store(d, target + (3 * stride));
    }
}
