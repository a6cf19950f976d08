using System.Numerics;
using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Mel;

/// <summary>
/// Complex FFT of any size n as a convolution (Bluestein 1970): kn = (k² + n² − (k−n)²)/2, so
/// X[k] = c[k]·Σ (x[j]·c[j])·c*[k−j] with the chirp c[k] = e^(−πi·k²/n); the convolution runs in a power-of-two FFT of at least 2n−1 points.
/// Immutable after construction; scratch comes from the caller.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class ChirpFft<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SharedTables<int, ChirpFft<T>> Shared = new(size => new ChirpFft<T>(size));

    private readonly int _size;
    private readonly ComplexFft<T> _inner;
    private readonly AlignedArray<T> _chirpRe;
    private readonly AlignedArray<T> _chirpIm;
    private readonly AlignedArray<T> _filterRe;
    private readonly AlignedArray<T> _filterIm;

    private ChirpFft(int size)
    {
        _size = size;
        _inner = ComplexFft<T>.Get((int)BitOperations.RoundUpToPowerOf2((uint)((2 * size) - 1)));
        _chirpRe = new AlignedArray<T>(size);
        _chirpIm = new AlignedArray<T>(size);
        _filterRe = new AlignedArray<T>(_inner.Size);
        _filterIm = new AlignedArray<T>(_inner.Size);
        var filter = new Complex[_inner.Size];
        for (var k = 0; k < size; k++)
        {
            // k² mod 2n keeps the angle small, and so exact.
            var chirp = Complex.FromPolarCoordinates(1, -Math.PI * ((long)k * k % (2L * size)) / size);
            _chirpRe.Span[k] = T.CreateChecked(chirp.Real);
            _chirpIm.Span[k] = T.CreateChecked(chirp.Imaginary);
            filter[k] = Complex.Conjugate(chirp);
            filter[(_inner.Size - k) % _inner.Size] = filter[k];
        }

        // The inverse transform's 1/N goes into the filter.
        var spectrum = Spectrum(filter);
        for (var k = 0; k < spectrum.Length; k++)
        {
            _filterRe.Span[k] = T.CreateChecked(spectrum[k].Real / spectrum.Length);
            _filterIm.Span[k] = T.CreateChecked(spectrum[k].Imaginary / spectrum.Length);
        }
    }

    /// <summary>Numbers that each of the four work arrays must hold.</summary>
    public int WorkLength => _inner.Size;

    public static ChirpFft<T> Get(int size) => Shared.Get(size);

    /// <summary>Transforms the first n points of (re0, im0) in place; (re1, im1) is scratch.</summary>
    public void Transform(T* re0, T* im0, T* re1, T* im1)
    {
        Multiply(re0, im0, _chirpRe.Pointer, _chirpIm.Pointer, re0, im0, _size);
        new Span<T>(re0 + _size, _inner.Size - _size).Clear();
        new Span<T>(im0 + _size, _inner.Size - _size).Clear();
        _inner.Transform(re0, im0, re1, im1);
        var re = _inner.EndsInSecond ? re1 : re0;
        var im = _inner.EndsInSecond ? im1 : im0;
        Multiply(re, im, _filterRe.Pointer, _filterIm.Pointer, re0, im0, _inner.Size);
        // An inverse transform is a forward one with real and imaginary parts exchanged before and after.
        _inner.Transform(im0, re0, im1, re1);
        Multiply(re, im, _chirpRe.Pointer, _chirpIm.Pointer, re0, im0, _size);
        GC.KeepAlive(this);
    }

    private static void Multiply(T* ar, T* ai, T* br, T* bi, T* yr, T* yi, int count)
    {
        var i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
        {
            var (pr, pi) = (Vector.Load(ar + i), Vector.Load(ai + i));
            var (qr, qi) = (Vector.Load(br + i), Vector.Load(bi + i));
            ((pr * qr) - (pi * qi)).Store(yr + i);
            ((pr * qi) + (pi * qr)).Store(yi + i);
        }

        for (; i < count; i++)
        {
            var (pr, pi, qr, qi) = (ar[i], ai[i], br[i], bi[i]);
            yr[i] = (pr * qr) - (pi * qi);
            yi[i] = (pr * qi) + (pi * qr);
        }
    }

    // Recursive radix-2 in double precision; runs once for a size.
    private static Complex[] Spectrum(Complex[] x)
    {
        if (x.Length == 1)
        {
            return x;
        }

        var half = x.Length / 2;
        var even = Spectrum([.. x.Where((_, i) => i % 2 == 0)]);
        var odd = Spectrum([.. x.Where((_, i) => i % 2 != 0)]);
        var y = new Complex[x.Length];
        for (var k = 0; k < half; k++)
        {
            var turned = odd[k] * Complex.FromPolarCoordinates(1, -2 * Math.PI * k / x.Length);
            y[k] = even[k] + turned;
            y[k + half] = even[k] - turned;
        }

        return y;
    }
}
