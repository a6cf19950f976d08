using System.Numerics;
using System.Runtime.Intrinsics;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Mel;

/// <summary>
/// FFT of real samples in single precision, X[k] = Σ x[n]·e^(−2πi·kn/N) for k = 0..⌊N/2⌋, unscaled. Any size from 2; powers of two are fastest,
/// then even sizes. Relative root-mean-square error about 2e-7 for powers of two, 1e-6 for other sizes.
/// Not thread-safe: it owns scratch. Tables are shared by all transforms of one size. No call allocates.
/// </summary>
public sealed unsafe class RealFft
{
    private static readonly SharedTables<int, Tuple<AlignedFloats, AlignedFloats>> SplitTwiddles = new(CreateSplitTwiddles);

    private readonly int _half;
    private readonly ComplexFft? _direct;
    private readonly ChirpFft? _chirp;
    private readonly AlignedFloats _twiddleRe;
    private readonly AlignedFloats _twiddleIm;
    private readonly AlignedFloats _re0;
    private readonly AlignedFloats _im0;
    private readonly AlignedFloats _re1;
    private readonly AlignedFloats _im1;

    /// <summary>A transform of <paramref name="size"/> points.</summary>
    /// <param name="size">2..1,048,576.</param>
    public RealFft(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1 << 20);
        Size = size;
        Bins = (size / 2) + 1;

        // Even sizes: samples in pairs as complex numbers, half the points. Odd sizes: the imaginary parts are zeros.
        _half = size % 2 == 0 ? size / 2 : size;
        if (BitOperations.IsPow2(_half))
        {
            _direct = ComplexFft.Get(_half);
        }
        else
        {
            _chirp = ChirpFft.Get(_half);
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
    public void Transform(ReadOnlySpan<float> samples, Span<float> re, Span<float> im)
    {
        if (samples.Length != Size)
        {
            throw new ArgumentException($"{samples.Length} samples were given to a transform of {Size}.", nameof(samples));
        }

        if (re.Length < Bins || im.Length < Bins)
        {
            throw new ArgumentException($"The result needs room for {Bins} bins; there is room for {Math.Min(re.Length, im.Length)}.", nameof(re));
        }

        fixed (float* x = samples, yr = re, yi = im)
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

            switch (ComplexFft.WidestLanes(_half))
            {
                case 16 when _direct is not null:
                    Transform<Lanes16, Vector512<float>>(x, yr, yi);
                    break;
                case 8 when _direct is not null:
                    Transform<Lanes8, Vector256<float>>(x, yr, yi);
                    break;
                case 4 when _direct is not null:
                    Transform<Lanes4, Vector128<float>>(x, yr, yi);
                    break;
                default:
                    Transform<Lanes1, float>(x, yr, yi);
                    break;
            }
        }
    }

    private static Tuple<AlignedFloats, AlignedFloats> CreateSplitTwiddles(int size)
    {
        var count = (size / 4) + 1;
        var (re, im) = (new AlignedFloats(count), new AlignedFloats(count));
        for (var k = 0; k < count; k++)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * k / size);
            (re.Span[k], im.Span[k]) = ((float)cos, (float)sin);
        }

        return Tuple.Create(re, im);
    }

    private (AlignedFloats Re, AlignedFloats Im) TransformHalf()
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
    private void Transform<TLanes, TVector>(float* x, float* yr, float* yi)
        where TLanes : struct, ILanes<TVector>
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
        var oneHalf = TLanes.Broadcast(0.5f);
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
