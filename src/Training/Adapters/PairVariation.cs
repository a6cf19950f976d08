using StreamGenre.Stages.Contract;
using StreamGenre.Training.Backbones;
using StreamGenre.Training.Data;

namespace StreamGenre.Training.Adapters;

/// <summary>
/// Varies a window of ours and the backbone's pictures of the same sound in the same way, as if the sound itself had been varied: another sound under it,
/// an equaliser, a low-pass. Few artists are then heard in many ways. Immutable.
/// </summary>
/// <param name="own">Our front end.</param>
internal sealed class PairVariation(MelOptions own)
{
    private const double FilterProbability = 0.6;
    private const double LowPassProbability = 0.3;

    // Deviation of the equaliser's first cosine, in dB.
    private const double EqualizerDecibels = 4;
    private const int EqualizerCosines = 4;
    private const double LowestHz = 40;
    private const double HighestHz = 11_025;

    private readonly Side _own = new(own);
    private readonly Side _pictures = new(YamnetFrontEnd.Mel);

    /// <summary>Adds another sound's power to a sound's.</summary>
    /// <param name="x">[mels, frames] of ours; gets the sum.</param>
    /// <param name="otherX">The other sound's.</param>
    /// <param name="pictures">[bands, frames] of the backbone's; gets the sum.</param>
    /// <param name="otherPictures">The other sound's.</param>
    /// <param name="decibels">How far the other sound's loudest cell lies above this one's.</param>
    public void Add(Span<float> x, ReadOnlySpan<float> otherX, Span<float> pictures, ReadOnlySpan<float> otherPictures, double decibels)
    {
        var gain = decibels + System.Numerics.Tensors.TensorPrimitives.Max<float>(x) - System.Numerics.Tensors.TensorPrimitives.Max(otherX);
        _own.Add(x, otherX, gain);
        _pictures.Add(pictures, otherPictures, gain);
    }

    /// <summary>Colours a sound by an equaliser and perhaps a low-pass.</summary>
    public void Filter(Random random, Span<float> x, Span<float> pictures)
    {
        if (!random.Chance(FilterProbability))
        {
            return;
        }

        var waves = Enumerable.Range(1, EqualizerCosines)
            .Select(k => (k, Amplitude: random.Normal() * EqualizerDecibels / Math.Sqrt(k), Phase: random.Uniform(0, 2 * Math.PI)))
            .ToList();
        var cutOff = random.Chance(LowPassProbability) ? random.LogUniform(2_500, HighestHz) : double.PositiveInfinity;
        var slope = random.Uniform(24, 200);
        double Gain(double hz)
        {
            var place = Math.Log(Math.Max(hz, LowestHz) / LowestHz) / Math.Log(HighestHz / LowestHz);
            return waves.Sum(wave => wave.Amplitude * Math.Cos((Math.PI * wave.k * place) + wave.Phase)) - (Math.Max(0, Math.Log2(hz / cutOff)) * slope);
        }

        _own.Filter(x, Gain);
        _pictures.Filter(pictures, Gain);
    }

    /// <summary>One of the two front ends.</summary>
    private sealed class Side(MelOptions mel)
    {
        private readonly LogScale _scale = new(mel);
        private readonly double[] _centersHz = MelBands.CentersHz(mel);

        public void Add(Span<float> cells, ReadOnlySpan<float> others, double decibels) => _scale.Add(cells, others, Math.Pow(10, decibels / 10));

        public void Filter(Span<float> cells, Func<double, double> decibelsAt)
        {
            var frames = cells.Length / _centersHz.Length;
            for (var row = 0; row < _centersHz.Length; row++)
            {
                var gain = Math.Pow(10, decibelsAt(_centersHz[row]) / 10);
                foreach (ref var cell in cells.Slice(row * frames, frames))
                {
                    cell = _scale.FromPower(_scale.ToPower(cell) * gain);
                }
            }
        }
    }
}
