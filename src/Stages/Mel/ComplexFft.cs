using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Mel;

/// <summary>
/// Complex FFT of a power-of-two size over split arrays (all real parts, all imaginary parts), X[k] = Σ x[n]·e^(−2πi·kn/N):
/// Stockham's self-sorting form in radix-4 passes and, where the size asks for it, one radix-2 pass at the end.
/// A pass over sub-transforms of length n at stride s (n·s = N) turns x[q + s(p + j·n/4)], j = 0..3, into y[q + s(4p + j)].
/// With i = q + s·p all four reads are contiguous in i; only the writes of the first two passes (s = 1 and s = 4) need lanes shuffled.
/// Immutable after construction; one object serves all threads, scratch comes from the caller.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class ComplexFft<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SharedTables<int, ComplexFft<T>> Shared = new(size => new ComplexFft<T>(size, WidestLanes(size)));

    private readonly int _lanes;
    private readonly Pass[] _passes;
    private readonly AlignedArray<T> _twiddles;

    /// <summary>A transform for vectors of one width.</summary>
    /// <param name="size">A power of two.</param>
    /// <param name="lanes">1, or the numbers in a vector of 16, 32 or 64 bytes; the size must be at least 4·lanes.</param>
    internal ComplexFft(int size, int lanes)
    {
        Size = size;
        _lanes = lanes;
        _twiddles = new AlignedArray<T>(TwiddleCount(size, lanes));
        var passes = new List<Pass>();
        var (length, stride, offset) = (size, 1, 0);
        for (; length >= 4; length /= 4, stride *= 4)
        {
            passes.Add(new Pass(length, stride, offset));
            offset += FillTwiddles(length, stride, _twiddles.Span[offset..]);
        }

        if (length == 2)
        {
            passes.Add(new Pass(length, stride, offset));
        }

        _passes = [.. passes];
    }

    /// <summary>Points of the transform.</summary>
    public int Size { get; }

    /// <summary>True when the result lies in the second pair of arrays.</summary>
    public bool EndsInSecond => _passes.Length % 2 != 0;

    /// <summary>The transform of that size for this machine's widest vectors.</summary>
    public static ComplexFft<T> Get(int size) => Shared.Get(size);

    /// <summary>Transforms (re0, im0), overwriting both pairs; <see cref="EndsInSecond"/> says where the result lies.</summary>
    public void Transform(T* re0, T* im0, T* re1, T* im1)
    {
        if (typeof(T) == typeof(double))
        {
            Doubles((ComplexFft<double>)(object)this, (double*)re0, (double*)im0, (double*)re1, (double*)im1);
        }
        else
        {
            Floats((ComplexFft<float>)(object)this, (float*)re0, (float*)im0, (float*)re1, (float*)im1);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Lanes of the widest vectors that this machine has and a complex transform of this size can fill.</summary>
    internal static int WidestLanes(int size)
    {
        var bytes = Vector512.IsHardwareAccelerated ? 64
            : Vector256.IsHardwareAccelerated ? 32
            : Vector128.IsHardwareAccelerated ? 16
            : sizeof(T);
        while (bytes > sizeof(T) && size < 4 * bytes / sizeof(T))
        {
            bytes = bytes > 16 ? bytes / 2 : sizeof(T);
        }

        return bytes / sizeof(T);
    }

    private static void Floats(ComplexFft<float> fft, float* re0, float* im0, float* re1, float* im1)
    {
        switch (fft._lanes)
        {
            case 16:
                fft.Transform<Lanes16, Vector512<float>>(re0, im0, re1, im1);
                break;
            case 8:
                fft.Transform<Lanes8, Vector256<float>>(re0, im0, re1, im1);
                break;
            case 4:
                fft.Transform<Lanes4, Vector128<float>>(re0, im0, re1, im1);
                break;
            default:
                fft.Transform<Lanes1, float>(re0, im0, re1, im1);
                break;
        }
    }

    private static void Doubles(ComplexFft<double> fft, double* re0, double* im0, double* re1, double* im1)
    {
        switch (fft._lanes)
        {
            case 8:
                fft.Transform<DoubleLanes8, Vector512<double>>(re0, im0, re1, im1);
                break;
            case 4:
                fft.Transform<DoubleLanes4, Vector256<double>>(re0, im0, re1, im1);
                break;
            case 2:
                fft.Transform<DoubleLanes2, Vector128<double>>(re0, im0, re1, im1);
                break;
            default:
                fft.Transform<DoubleLanes1, double>(re0, im0, re1, im1);
                break;
        }
    }

    private static int TwiddleCount(int size, int lanes)
    {
        var count = 0;
        for (var (length, stride) = (size, 1); length > 4; length /= 4, stride *= 4)
        {
            count += 6 * (stride < lanes ? size / 4 : length / 4);
        }

        return count;
    }

    // Strides under the vector width: one twiddle for each i, six arrays of N/4. Otherwise six numbers for each p.
    private int FillTwiddles(int length, int stride, Span<T> twiddles)
    {
        if (length == 4)
        {
            return 0;
        }

        var quarter = length / 4;
        for (var p = 0; p < quarter; p++)
        {
            for (var power = 1; power <= 3; power++)
            {
                var (sin, cos) = Math.SinCos(-2 * Math.PI * power * p / length);
                if (stride >= _lanes)
                {
                    twiddles[(6 * p) + (2 * power) - 2] = T.CreateChecked(cos);
                    twiddles[(6 * p) + (2 * power) - 1] = T.CreateChecked(sin);
                    continue;
                }

                var arrayLength = Size / 4;
                twiddles.Slice((((2 * power) - 2) * arrayLength) + (p * stride), stride).Fill(T.CreateChecked(cos));
                twiddles.Slice((((2 * power) - 1) * arrayLength) + (p * stride), stride).Fill(T.CreateChecked(sin));
            }
        }

        return 6 * (stride < _lanes ? Size / 4 : quarter);
    }

    private void Transform<TLanes, TVector>(T* re0, T* im0, T* re1, T* im1)
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        for (var number = 0; number < _passes.Length; number++)
        {
            var pass = _passes[number];
            var xr = number % 2 == 0 ? re0 : re1;
            var xi = number % 2 == 0 ? im0 : im1;
            var yr = number % 2 == 0 ? re1 : re0;
            var yi = number % 2 == 0 ? im1 : im0;
            var twiddles = _twiddles.Pointer + pass.TwiddleOffset;
            if (pass.Length == 2)
            {
                Radix2<TLanes, TVector>(xr, xi, yr, yi, pass.Stride);
            }
            else if (pass.Length == 4)
            {
                LastRadix4<TLanes, TVector>(xr, xi, yr, yi, pass.Stride);
            }
            else if (pass.Stride < TLanes.Count)
            {
                ShortStrideRadix4<TLanes, TVector>(xr, xi, yr, yi, Size / 4, pass.Stride == 1, twiddles);
            }
            else
            {
                LongStrideRadix4<TLanes, TVector>(xr, xi, yr, yi, pass.Length / 4, pass.Stride, twiddles);
            }
        }
    }

    private static void ShortStrideRadix4<TLanes, TVector>(T* xr, T* xi, T* yr, T* yi, int quarter, bool single, T* w)
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        for (var i = 0; i < quarter; i += TLanes.Count)
        {
            Butterfly<TLanes, TVector>(
                xr + i, xi + i, quarter, out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
            Rotate<TLanes, TVector>(ref r1, ref i1, TLanes.Load(w + i), TLanes.Load(w + quarter + i));
            Rotate<TLanes, TVector>(ref r2, ref i2, TLanes.Load(w + (2 * quarter) + i), TLanes.Load(w + (3 * quarter) + i));
            Rotate<TLanes, TVector>(ref r3, ref i3, TLanes.Load(w + (4 * quarter) + i), TLanes.Load(w + (5 * quarter) + i));
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

    private static void LongStrideRadix4<TLanes, TVector>(T* xr, T* xi, T* yr, T* yi, int groups, int stride, T* w)
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
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
                Butterfly<TLanes, TVector>(
                    xr + i, xi + i, quarter, out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
                Rotate<TLanes, TVector>(ref r1, ref i1, w1r, w1i);
                Rotate<TLanes, TVector>(ref r2, ref i2, w2r, w2i);
                Rotate<TLanes, TVector>(ref r3, ref i3, w3r, w3i);
                StoreApart<TLanes, TVector>(r0, r1, r2, r3, yr + (4 * p * stride) + q, stride);
                StoreApart<TLanes, TVector>(i0, i1, i2, i3, yi + (4 * p * stride) + q, stride);
            }
        }
    }

    // Sub-transforms of length 4: every twiddle is 1.
    private static void LastRadix4<TLanes, TVector>(T* xr, T* xi, T* yr, T* yi, int stride)
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        for (var q = 0; q < stride; q += TLanes.Count)
        {
            Butterfly<TLanes, TVector>(
                xr + q, xi + q, stride, out var r0, out var i0, out var r1, out var i1, out var r2, out var i2, out var r3, out var i3);
            StoreApart<TLanes, TVector>(r0, r1, r2, r3, yr + q, stride);
            StoreApart<TLanes, TVector>(i0, i1, i2, i3, yi + q, stride);
        }
    }

    private static void Radix2<TLanes, TVector>(T* xr, T* xi, T* yr, T* yi, int stride)
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
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
    private static void Butterfly<TLanes, TVector>(
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
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
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
    private static void Rotate<TLanes, TVector>(ref TVector re, ref TVector im, TVector cos, TVector sin)
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        var turned = TLanes.MultiplySubtract(re, cos, TLanes.Multiply(im, sin));
        im = TLanes.MultiplyAdd(re, sin, TLanes.Multiply(im, cos));
        re = turned;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreApart<TLanes, TVector>(TVector a, TVector b, TVector c, TVector d, T* target, int stride)
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        TLanes.Store(a, target);
        TLanes.Store(b, target + stride);
        TLanes.Store(c, target + (2 * stride));
        TLanes.Store(d, target + (3 * stride));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pass(int Length, int Stride, int TwiddleOffset);
}
