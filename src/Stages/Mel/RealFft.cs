using System.Numerics;
using System.Runtime.Intrinsics;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Mel;

/// <summary>
/// FFT of real samples in single or double precision, X[k] = Σ x[n]·e^(−2πi·kn/N) for k = 0..⌊N/2⌋, unscaled. Any size from 2; powers of two are fastest,
/// then even sizes. Relative root-mean-square error of a spectrum about 2e-7 in single and 4e-16 in double precision for any size.
/// Not thread-safe: it owns scratch. Tables are shared by all transforms of one size. No call allocates.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class RealFft<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SharedTables<int, Tuple<AlignedArray<T>, AlignedArray<T>>> SplitTwiddles = new(CreateSplitTwiddles);

    private readonly int _half;
    private readonly ComplexFft<T>? _direct;
    private readonly ChirpFft<T>? _chirp;
    private readonly AlignedArray<T> _twiddleRe;
    private readonly AlignedArray<T> _twiddleIm;
    private readonly AlignedArray<T> _re0;
    private readonly AlignedArray<T> _im0;
    private readonly AlignedArray<T> _re1;
    private readonly AlignedArray<T> _im1;

    /// <summary>A transform of <paramref name="size"/> points.</summary>
    /// <param name="size">2..1,048,576.</param>
    public RealFft(int size)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
        {
            throw new NotSupportedException($"A transform of {typeof(T).Name} is not to be had; take float or double.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1 << 20);
        Size = size;
        Bins = (size / 2) + 1;

        // Even sizes: samples in pairs as complex numbers, half the points. Odd sizes: the imaginary parts are zeros.
        _half = size % 2 == 0 ? size / 2 : size;
        if (BitOperations.IsPow2(_half))
        {
            _direct = ComplexFft<T>.Get(_half);
        }
        else
        {
            _chirp = ChirpFft<T>.Get(_half);
        }

        // Room for the mirrored point Z[N/2] = Z[0].
        var length = Math.Max(_half, _chirp?.WorkLength ?? 0) + 1;
        (_re0, _im0, _re1, _im1) = (new(length), new(length), new(length), new(length));
        (_twiddleRe, _twiddleIm) = SplitTwiddles.Get(size);
    }

    /// <summary>Points of the transform.</summary>
    public int Size { get; }

    /// <summary>Bins of the result: ⌊Size/2⌋ + 1.</summary>
    public int Bins { get; }

    /// <summary>Transforms <paramref name="samples"/>.</summary>
    /// <param name="samples">Size samples.</param>
    /// <param name="re">Real parts; at least Bins.</param>
    /// <param name="im">Imaginary parts; at least Bins.</param>
    public void Transform(ReadOnlySpan<T> samples, Span<T> re, Span<T> im)
    {
        if (samples.Length != Size)
        {
            throw new ArgumentException($"{samples.Length} samples were given to a transform of {Size}.", nameof(samples));
        }

        if (re.Length < Bins || im.Length < Bins)
        {
            throw new ArgumentException($"The result needs room for {Bins} bins; there is room for {Math.Min(re.Length, im.Length)}.", nameof(re));
        }

        fixed (T* x = samples, yr = re, yi = im)
        {
            if (Size % 2 != 0)
            {
                samples.CopyTo(_re0.Span);
                _im0.Span.Clear();
                var (oddRe, oddIm) = TransformHalf();
                oddRe.Span[..Bins].CopyTo(re);
                oddIm.Span[..Bins].CopyTo(im);
                return;
            }

            if (typeof(T) == typeof(double))
            {
                Doubles((RealFft<double>)(object)this, (double*)x, (double*)yr, (double*)yi);
            }
            else
            {
                Floats((RealFft<float>)(object)this, (float*)x, (float*)yr, (float*)yi);
            }
        }
    }

    private static void Floats(RealFft<float> fft, float* x, float* yr, float* yi)
    {
        switch (fft._direct is null ? 1 : ComplexFft<float>.WidestLanes(fft._half))
        {
            case 16:
                fft.Transform<Lanes16, Vector512<float>>(x, yr, yi);
                break;
            case 8:
                fft.Transform<Lanes8, Vector256<float>>(x, yr, yi);
                break;
            case 4:
                fft.Transform<Lanes4, Vector128<float>>(x, yr, yi);
                break;
            default:
                fft.Transform<Lanes1, float>(x, yr, yi);
                break;
        }
    }

    private static void Doubles(RealFft<double> fft, double* x, double* yr, double* yi)
    {
        switch (fft._direct is null ? 1 : ComplexFft<double>.WidestLanes(fft._half))
        {
            case 8:
                fft.Transform<DoubleLanes8, Vector512<double>>(x, yr, yi);
                break;
            case 4:
                fft.Transform<DoubleLanes4, Vector256<double>>(x, yr, yi);
                break;
            case 2:
                fft.Transform<DoubleLanes2, Vector128<double>>(x, yr, yi);
                break;
            default:
                fft.Transform<DoubleLanes1, double>(x, yr, yi);
                break;
        }
    }

    private static Tuple<AlignedArray<T>, AlignedArray<T>> CreateSplitTwiddles(int size)
    {
        var count = (size / 4) + 1;
        var (re, im) = (new AlignedArray<T>(count), new AlignedArray<T>(count));
        for (var k = 0; k < count; k++)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * k / size);
            (re.Span[k], im.Span[k]) = (T.CreateChecked(cos), T.CreateChecked(sin));
        }

        return Tuple.Create(re, im);
    }

    private (AlignedArray<T> Re, AlignedArray<T> Im) TransformHalf()
    {
        if (_direct is null)
        {
            _chirp!.Transform(_re0.Pointer, _im0.Pointer, _re1.Pointer, _im1.Pointer);
            return (_re0, _im0);
        }

        _direct.Transform(_re0.Pointer, _im0.Pointer, _re1.Pointer, _im1.Pointer);
        return _direct.EndsInSecond ? (_re1, _im1) : (_re0, _im0);
    }

    // With z[n] = x[2n] + i·x[2n+1], Z its transform of H = N/2 points and Z[H] = Z[0]:
    //   E[k] = (Z[k] + Z*[H−k])/2,  O[k] = (Z[k] − Z*[H−k])/2i,  X[k] = E[k] + w^k·O[k],  X[H−k] = (E[k] − w^k·O[k])*,  w = e^(−2πi/N).
    private void Transform<TLanes, TVector>(T* x, T* yr, T* yi)
        where TLanes : struct, ILanes<T, TVector>
        where TVector : struct
    {
        var re0 = _re0.Pointer;
        var im0 = _im0.Pointer;
        for (var n = 0; n < _half; n += TLanes.Count)
        {
            TLanes.LoadPairs(x + (2 * n), out var even, out var odd);
            TLanes.Store(even, re0 + n);
            TLanes.Store(odd, im0 + n);
        }

        var (zRe, zIm) = TransformHalf();
        var zr = zRe.Pointer;
        var zi = zIm.Pointer;
        var wr = _twiddleRe.Pointer;
        var wi = _twiddleIm.Pointer;
        zr[_half] = zr[0];
        zi[_half] = zi[0];
        var oneHalf = TLanes.Broadcast(T.CreateChecked(0.5));
        for (var k = 0; k < (_half + 1) / 2; k += TLanes.Count)
        {
            var mirror = _half - k - TLanes.Count + 1;
            var (ar, ai) = (TLanes.Load(zr + k), TLanes.Load(zi + k));
            var (br, bi) = (TLanes.Reverse(TLanes.Load(zr + mirror)), TLanes.Reverse(TLanes.Load(zi + mirror)));
            var evenRe = TLanes.Multiply(oneHalf, TLanes.Add(ar, br));
            var evenIm = TLanes.Multiply(oneHalf, TLanes.Subtract(ai, bi));
            var oddRe = TLanes.Multiply(oneHalf, TLanes.Add(ai, bi));
            var oddIm = TLanes.Multiply(oneHalf, TLanes.Subtract(br, ar));
            var (cos, sin) = (TLanes.Load(wr + k), TLanes.Load(wi + k));
            var turnedRe = TLanes.MultiplySubtract(oddRe, cos, TLanes.Multiply(oddIm, sin));
            var turnedIm = TLanes.MultiplyAdd(oddRe, sin, TLanes.Multiply(oddIm, cos));
            TLanes.Store(TLanes.Add(evenRe, turnedRe), yr + k);
            TLanes.Store(TLanes.Add(evenIm, turnedIm), yi + k);
            TLanes.Store(TLanes.Reverse(TLanes.Subtract(evenRe, turnedRe)), yr + mirror);
            TLanes.Store(TLanes.Reverse(TLanes.Subtract(turnedIm, evenIm)), yi + mirror);
        }

        if (_half % 2 == 0)
        {
            yr[_half / 2] = zr[_half / 2];
            yi[_half / 2] = -zi[_half / 2];
        }

        GC.KeepAlive(this);
    }
}
