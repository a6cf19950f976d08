using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>Random equalisers, low-passes and high-passes over the rows of a front end. Immutable.</summary>
/// <param name="options">How often and how strong.</param>
/// <param name="mel">Where the rows lie.</param>
internal sealed class RandomFilter(AugmentationOptions options, MelOptions mel)
{
    private const int EqualizerCosines = 4;

    private readonly double[] _octaves = MelBands.RowCentersHz(mel).Select(Math.Log2).ToArray();
    private readonly double[] _positions = MelBands.RowPositions(mel);

    /// <summary>Adds what equaliser, low-pass and high-pass of this draw do to each row.</summary>
    /// <param name="gains">[rows], in dB.</param>
    /// <param name="random">Draws them.</param>
    public void Draw(Span<double> gains, Random random)
    {
        if (random.Chance(options.EqualizerProbability))
        {
            for (var k = 1; k <= EqualizerCosines; k++)
            {
                var amplitude = random.Normal() * options.EqualizerDecibels / Math.Sqrt(k);
                var phase = random.Uniform(0, 2 * Math.PI);
                for (var row = 0; row < gains.Length; row++)
                {
                    gains[row] += amplitude * Math.Cos((Math.PI * k * _positions[row] / (mel.MelBins - 1)) + phase);
                }
            }
        }

        if (random.Chance(options.LowPassProbability))
        {
            // 24 dB an octave is a gentle filter, 200 a codec's cliff.
            var cutOff = Math.Log2(random.LogUniform(options.LowPassMinHz, mel.MaxFrequencyHz * 1.05));
            Slope(gains, random.Uniform(24, 200), octave => octave - cutOff);
        }

        if (random.Chance(options.HighPassProbability))
        {
            var cutOff = Math.Log2(random.LogUniform(40, 250));
            Slope(gains, random.Uniform(6, 30), octave => cutOff - octave);
        }
    }

    private void Slope(Span<double> gains, double decibelsPerOctave, Func<double, double> octavesBeyond)
    {
        for (var row = 0; row < gains.Length; row++)
        {
            gains[row] -= Math.Max(0, octavesBeyond(_octaves[row])) * decibelsPerOctave;
        }
    }
}
