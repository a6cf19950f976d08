using System.Numerics;
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
                FftPass<T, TLanes, TVector>.Radix2(xr, xi, yr, yi, pass.Stride);
            }
            else if (pass.Length == 4)
            {
                FftPass<T, TLanes, TVector>.LastRadix4(xr, xi, yr, yi, pass.Stride);
            }
            else if (pass.Stride < TLanes.Count)
            {
                FftPass<T, TLanes, TVector>.ShortStrideRadix4(xr, xi, yr, yi, Size / 4, pass.Stride == 1, twiddles);
            }
            else
            {
                FftPass<T, TLanes, TVector>.LongStrideRadix4(xr, xi, yr, yi, pass.Length / 4, pass.Stride, twiddles);
            }
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pass(int Length, int Stride, int TwiddleOffset);
}
