using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>Varies one window of dB and normalises it as the server would. Immutable; the randomness is the caller's.</summary>
internal sealed class WindowAugmentation
{
    private const int EqualizerCosines = 4;

    private readonly AugmentationOptions _options;
    private readonly ModelContract _contract;
    private readonly double[] _octaves;
    private readonly int _bins;
    private readonly int _frames;

    /// <summary>Augmentation of windows [mels, frames] of a contract's front end.</summary>
    /// <exception cref="TrainingException">With everything wrong with the options.</exception>
    public WindowAugmentation(AugmentationOptions options, ModelContract contract)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new TrainingException(string.Join("; ", errors));
        }

        (_options, _contract) = (options, contract);
        (_bins, _frames) = (contract.Mel.MelBins, contract.PatchFrames);
        _octaves = MelBands.CentersHz(contract.Mel).Select(Math.Log2).ToArray();
    }

    /// <summary>Varies and normalises a window in place.</summary>
    /// <param name="window">[mels, frames] in dB; on return what the network is fed.</param>
    /// <param name="random">Draws the variation; the same state gives the same window.</param>
    public void Apply(Span<float> window, Random random)
    {
        if (_options.ShiftMelBins > 0)
        {
            Shift(window, random.Next(-_options.ShiftMelBins, _options.ShiftMelBins + 1));
        }

        Span<double> gains = stackalloc double[_bins];
        gains.Clear();
        DrawGains(gains, random);
        for (var mel = 0; mel < _bins; mel++)
        {
            foreach (ref var cell in window.Slice(mel * _frames, _frames))
            {
                cell += (float)(gains[mel] + ((random.NextDouble() - 0.5) * 2 * _options.DitherDecibels));
            }
        }

        if (random.Chance(_options.NoiseProbability))
        {
            AddNoise(window, random);
        }

        WindowNormalizer.Apply(window, _contract.FloorBelowMax, _contract.Normalization);
        if (random.Chance(_options.MaskProbability))
        {
            var width = random.Next(0, Math.Min(_options.MaskMelBins, _bins - 1) + 1);
            window.Slice(random.Next(0, _bins - width + 1) * _frames, width * _frames).Clear();
        }

        if (random.Chance(_options.MaskProbability))
        {
            var width = random.Next(0, Math.Min(_options.MaskFrames, _frames - 1) + 1);
            var first = random.Next(0, _frames - width + 1);
            for (var mel = 0; mel < _bins; mel++)
            {
                window.Slice((mel * _frames) + first, width).Clear();
            }
        }
    }

    /// <summary>Adds what equaliser, low-pass and high-pass of this draw do to each band, in dB.</summary>
    private void DrawGains(Span<double> gains, Random random)
    {
        if (random.Chance(_options.EqualizerProbability))
        {
            for (var k = 1; k <= EqualizerCosines; k++)
            {
                var amplitude = random.Normal() * _options.EqualizerDecibels / Math.Sqrt(k);
                var phase = random.Uniform(0, 2 * Math.PI);
                for (var mel = 0; mel < gains.Length; mel++)
                {
                    gains[mel] += amplitude * Math.Cos((Math.PI * k * mel / (gains.Length - 1)) + phase);
                }
            }
        }

        if (random.Chance(_options.LowPassProbability))
        {
            // 24 dB an octave is a gentle filter, 200 a codec's cliff.
            var cutOff = Math.Log2(random.LogUniform(_options.LowPassMinHz, _contract.Mel.MaxFrequencyHz * 1.05));
            Slope(gains, random.Uniform(24, 200), octave => octave - cutOff);
        }

        if (random.Chance(_options.HighPassProbability))
        {
            var cutOff = Math.Log2(random.LogUniform(40, 250));
            Slope(gains, random.Uniform(6, 30), octave => cutOff - octave);
        }
    }

    private void Slope(Span<double> gains, double decibelsPerOctave, Func<double, double> octavesBeyond)
    {
        for (var mel = 0; mel < gains.Length; mel++)
        {
            gains[mel] -= Math.Max(0, octavesBeyond(_octaves[mel])) * decibelsPerOctave;
        }
    }

    private static void AddNoise(Span<float> window, Random random)
    {
        var maximum = float.NegativeInfinity;
        foreach (var cell in window)
        {
            maximum = Math.Max(maximum, cell);
        }

        var floor = Math.Pow(10, (maximum - random.Uniform(45, 80)) / 10);
        foreach (ref var cell in window)
        {
            // The power of a band of noise is spread exponentially about its mean.
            cell = (float)(10 * Math.Log10(Math.Pow(10, cell / 10.0) - (floor * Math.Log(1 - random.NextDouble()))));
        }
    }

    /// <summary>Moves the bands up (above 0) or down, the edge band filling what comes free.</summary>
    private void Shift(Span<float> window, int bins)
    {
        if (bins > 0)
        {
            window[..((_bins - bins) * _frames)].CopyTo(window[(bins * _frames)..]);
            for (var mel = 0; mel < bins; mel++)
            {
                window.Slice(bins * _frames, _frames).CopyTo(window.Slice(mel * _frames, _frames));
            }
        }
        else if (bins < 0)
        {
            window[(-bins * _frames)..].CopyTo(window);
            for (var mel = _bins + bins; mel < _bins; mel++)
            {
                window.Slice((_bins + bins - 1) * _frames, _frames).CopyTo(window.Slice(mel * _frames, _frames));
            }
        }
    }
}
