using StreamGenre.Stages.Contract;

namespace StreamGenre.Stages.Mel;

/// <summary>
/// What one frame's making needs besides its samples. It belongs to whoever is making a frame, not to a stream: 70 KiB that a thousand streams would
/// otherwise hold a thousand times, and that stay in the processor's cache from one stream's frame to the next's.
/// </summary>
internal sealed class MelScratch
{
    public MelScratch(MelOptions options, MelFilterBank bank)
    {
        Fft = new RealFft<double>(options.FftSize);
        Windowed = new double[options.FftSize];
        Re = new double[Fft.Bins];
        Im = new double[Fft.Bins];
        Spectrum = new float[bank.PaddedFftBins];
        Bands = new float[BandLogarithm.PaddedLength(options.MelBins)];
    }

    public RealFft<double> Fft { get; }

    // Up to the mel bands in double precision: single precision's rounding lies 1e-7 of the loudest bin under everything, which made quiet bands
    // beside a loud tone (80 dB down) wrong by up to 2e-4. It costs little: 2,048 points take 1.2 µs in double and 0.6 in single precision.
    // Behind the frame's samples lie zeros, which nobody overwrites.
    public double[] Windowed { get; }

    public double[] Re { get; }

    public double[] Im { get; }

    // Behind the bins lie zeros, which nobody overwrites.
    public float[] Spectrum { get; }

    public float[] Bands { get; }
}
