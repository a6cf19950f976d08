using StreamGenre.Stages.Simd;

namespace StreamGenre.Stages.Audio;

/// <summary>
/// The resampler's filter: a sinc cut at 0.95 of the lower Nyquist frequency under a Kaiser window, one row of taps for each position of an
/// output sample between two input samples. Passes up to 0.9 and stops from 1.0 of the lower Nyquist frequency.
/// Where the exact rows (one for each of the reduced ratio's positions) are few they are all kept; else a grid of rows fine enough to
/// interpolate between. Immutable.
/// </summary>
internal sealed class ResamplerFilter
{
    // Kaiser's design formulas (Oppenheim & Schafer, Discrete-Time Signal Processing, 7.6): β = 0.1102·(A − 8.7),
    // taps − 1 = (A − 8)/(2.285·Δω). A = 92 dB leaves 12 dB over the promised 80 for single precision and interpolation.
    private const double StopbandDb = 92;
    private const double KaiserBeta = 0.1102 * (StopbandDb - 8.7);
    private const double Transition = 0.1;

    // 1 MiB of single precision. Every pair of the usual rates stays under it; 44,101 -> 22,050 Hz would take twenty times that.
    private const int MaxExactFloats = 1 << 18;

    // Between rows 1/P apart a sinc cut at fc (of the input's Nyquist frequency) is off by at most (π·fc/P)²/8 of its peak: −106 dB for P = 512·fc.
    private const double RowsPerCutoff = 512;

    private static readonly SharedTables<(int Input, int Output), ResamplerFilter> Shared = new(r => new ResamplerFilter(r.Input, r.Output));

    private ResamplerFilter(int inputStep, int outputStep)
    {
        var ratio = Math.Min(1, (double)outputStep / inputStep);
        var halfWidth = (StopbandDb - 8) / (2.285 * Transition * Math.PI * ratio) / 2;
        // Whole vectors of 16 at any width: half of that on either side.
        HalfTaps = (int)Math.Ceiling(halfWidth / 8) * 8;
        Interpolates = (long)outputStep * Taps > MaxExactFloats;
        Positions = Interpolates ? (int)Math.Ceiling(RowsPerCutoff * ratio) : outputStep;
        var rows = Interpolates ? Positions + 1 : Positions;
        Rows = new AlignedArray<float>(rows * Taps);
        var row = new double[Taps];
        for (var position = 0; position < rows; position++)
        {
            FillRow(row, (double)position / Positions, 0.95 * ratio);
            for (var tap = 0; tap < Taps; tap++)
            {
                Rows.Span[(position * Taps) + tap] = (float)row[tap];
            }
        }
    }

    /// <summary>Taps on either side of an output sample.</summary>
    public int HalfTaps { get; }

    /// <summary>Taps of a row; a multiple of 16.</summary>
    public int Taps => 2 * HalfTaps;

    /// <summary>Rows for each input sample.</summary>
    public int Positions { get; }

    /// <summary>True when an output sample lies between two rows.</summary>
    public bool Interpolates { get; }

    /// <summary>
    /// [rows, Taps]: row r serves an output sample r/Positions after input sample b and weighs input samples b − HalfTaps + 1 .. b + HalfTaps.
    /// </summary>
    public AlignedArray<float> Rows { get; }

    /// <summary>The filter for a reduced ratio.</summary>
    /// <param name="inputStep">Input rate over the rates' greatest common divisor.</param>
    /// <param name="outputStep">Output rate over the same.</param>
    public static ResamplerFilter Get(int inputStep, int outputStep) => Shared.Get((inputStep, outputStep));

    private void FillRow(double[] row, double position, double cutoff)
    {
        var sum = 0.0;
        for (var tap = 0; tap < row.Length; tap++)
        {
            var distance = position + HalfTaps - 1 - tap;
            var x = Math.PI * cutoff * distance;
            var sinc = Math.Abs(x) < 1e-12 ? 1 : Math.Sin(x) / x;
            var reach = distance / HalfTaps;
            row[tap] = sinc * BesselI0(KaiserBeta * Math.Sqrt(Math.Max(0, 1 - (reach * reach))));
            sum += row[tap];
        }

        // Every row passes a constant as it is.
        for (var tap = 0; tap < row.Length; tap++)
        {
            row[tap] /= sum;
        }
    }

    // Modified Bessel function of the first kind, order 0: Σ ((x/2)^k / k!)².
    private static double BesselI0(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x / 2 / k * (x / 2 / k);
            sum += term;
        }

        return sum;
    }
}
