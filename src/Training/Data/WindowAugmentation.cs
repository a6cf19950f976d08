using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>
/// Draws training windows and varies them: cut, stretched in time, over a background, shifted, equalised, noised, normalised as the server would, masked. Immutable; the
/// randomness is the caller's. A variation that is off draws nothing.
/// </summary>
internal sealed class WindowAugmentation
{
    // The quietest background lies so much further down than the loudest.
    private const double BackgroundRangeDecibels = 15;

    private readonly AugmentationOptions _options;
    private readonly ModelContract _contract;
    private readonly RandomFilter _filter;
    private readonly LogScale _scale;
    private readonly double[] _positions;
    private readonly int _bins;
    private readonly int _rows;
    private readonly int _frames;
    private readonly int? _hop;

    /// <summary>Augmentation of windows [rows, frames] of a contract's front end.</summary>
    /// <param name="options">The variation.</param>
    /// <param name="contract">The front end and size of the windows.</param>
    /// <param name="hopFrames">Frames between windows where recordings are cut on a grid; null where windows begin anywhere.</param>
    /// <exception cref="TrainingException">With everything wrong with the options.</exception>
    public WindowAugmentation(AugmentationOptions options, ModelContract contract, int? hopFrames = null)
    {
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new TrainingException(string.Join("; ", errors));
        }

        (_options, _contract, _hop) = (options, contract, hopFrames);
        (_bins, _rows, _frames) = (contract.Mel.MelBins, contract.Mel.Rows, contract.PatchFrames);
        _filter = new RandomFilter(options, contract.Mel);
        _scale = new LogScale(contract.Mel);
        _positions = MelBands.RowPositions(contract.Mel);
    }

    /// <summary>Draws a window of a recording, varied and normalised.</summary>
    /// <param name="clip">The recording; at least a window long.</param>
    /// <param name="other">Draws a recording for the background; at least a window long.</param>
    /// <param name="random">Draws the variation; the same state gives the same window.</param>
    /// <param name="window">[rows, frames]; on return what the network is fed.</param>
    /// <returns>The middle of the stretch it shows, in frames from the recording's beginning.</returns>
    public double Draw(MelClip clip, Func<Random, MelClip> other, Random random, Span<float> window)
    {
        var middle = Cut(clip, random, window);
        if (_options.BackgroundProbability > 0 && random.Chance(_options.BackgroundProbability))
        {
            var background = new float[window.Length];
            Cut(other(random), random, background);
            AddBackground(window, background, _options.BackgroundDecibels + random.Uniform(0, BackgroundRangeDecibels));
        }

        Apply(window, random);
        return middle;
    }

    /// <summary>Varies and normalises a window in place.</summary>
    /// <param name="window">[rows, frames] in the front end's logarithm; on return what the network is fed.</param>
    /// <param name="random">Draws the variation; the same state gives the same window.</param>
    public void Apply(Span<float> window, Random random)
    {
        if (_options.ShiftMelBins > 0)
        {
            Shift(window, random.Next(-_options.ShiftMelBins, _options.ShiftMelBins + 1));
        }

        Span<double> gains = stackalloc double[_rows];
        gains.Fill(_options.GainDecibels > 0 ? random.Normal() * _options.GainDecibels : 0);
        _filter.Draw(gains, random);
        for (var row = 0; row < _rows; row++)
        {
            foreach (ref var cell in window.Slice(row * _frames, _frames))
            {
                var decibels = gains[row] + ((random.NextDouble() - 0.5) * 2 * _options.DitherDecibels);
                cell = Math.Max(_scale.Least, cell + (float)(decibels * _scale.PerDecibel));
            }
        }

        if (random.Chance(_options.NoiseProbability))
        {
            AddNoise(window, random);
        }

        WindowNormalizer.Apply(window, _contract);
        if (random.Chance(_options.MaskProbability))
        {
            MaskBands(window, random);
        }

        if (random.Chance(_options.MaskProbability))
        {
            MaskFrames(window, random);
        }
    }

    /// <summary>Cuts a stretch of a recording at random, of a random length where that is asked for, and brings it to a window's frames.</summary>
    /// <returns>The middle of the stretch, in frames.</returns>
    internal double Cut(MelClip clip, Random random, Span<float> window)
    {
        var length = DrawLength(clip.Frames, random);
        var first = _hop is { } hop ? hop * random.Next(clip.WindowCount(length, hop)) : random.Next(clip.Frames - length + 1);
        if (length == _frames)
        {
            clip.CopyWindow(first, length, window);
            return first + (length / 2.0);
        }

        var stretch = new float[_rows * length];
        clip.CopyWindow(first, length, stretch);
        TimeScale.Apply(stretch, length, window, _frames, _scale);
        return first + (length / 2.0);
    }

    /// <summary>Adds a background's power so that its mean lies some dB under the window's; mel bands set the level, wavelet bands follow.</summary>
    internal void AddBackground(Span<float> window, ReadOnlySpan<float> background, double decibelsUnder)
    {
        var (own, others) = (MeanPower(window[..(_bins * _frames)]), MeanPower(background[..(_bins * _frames)]));
        if (others <= 0)
        {
            return;
        }

        _scale.Add(window, background, own / others * Math.Pow(10, -decibelsUnder / 10));
    }

    private int DrawLength(int available, Random random)
    {
        if (_options.ZoomOutProbability > 0 && random.Chance(_options.ZoomOutProbability) && available >= 2 * _frames)
        {
            return 2 * _frames;
        }

        return _options.TimeStretch > 1
            ? Math.Min(available, (int)Math.Round(_frames * random.LogUniform(1 / _options.TimeStretch, _options.TimeStretch)))
            : _frames;
    }

    private double MeanPower(ReadOnlySpan<float> cells)
    {
        var sum = 0.0;
        foreach (var cell in cells)
        {
            sum += _scale.ToPower(cell);
        }

        return sum / cells.Length;
    }

    private void AddNoise(Span<float> window, Random random)
    {
        var decibelsUnder = random.Uniform(45, 80);
        foreach (var block in _contract.Mel.Blocks())
        {
            var cells = window[(block.Start.Value * _frames)..(block.End.Value * _frames)];
            var floor = _scale.ToPower(System.Numerics.Tensors.TensorPrimitives.Max<float>(cells)) * Math.Pow(10, -decibelsUnder / 10);
            foreach (ref var cell in cells)
            {
                // The power of a band of noise is spread exponentially about its mean.
                cell = _scale.FromPower(_scale.ToPower(cell) - (floor * Math.Log(1 - random.NextDouble())));
            }
        }
    }

    private void MaskBands(Span<float> window, Random random)
    {
        for (var mask = 0; mask < _options.MelMasks; mask++)
        {
            var width = random.Next(0, Math.Min(_options.MaskMelBins, _bins - 1) + 1);
            var first = random.Next(0, _bins - width + 1);
            for (var row = 0; row < _rows; row++)
            {
                if (_positions[row] >= first - 0.5 && _positions[row] < first + width - 0.5)
                {
                    window.Slice(row * _frames, _frames).Fill(Blank(window, row));
                }
            }
        }
    }

    private void MaskFrames(Span<float> window, Random random)
    {
        for (var mask = 0; mask < _options.FrameMasks; mask++)
        {
            var width = random.Next(0, Math.Min(_options.MaskFrames, _frames - 1) + 1);
            var first = random.Next(0, _frames - width + 1);
            for (var row = 0; row < _rows; row++)
            {
                window.Slice((row * _frames) + first, width).Fill(Blank(window, row));
            }
        }
    }

    // What says nothing: the mean, which is 0 where windows are standardised, and elsewhere is taken of the row.
    private float Blank(Span<float> window, int row) => _contract.Normalization == WindowNormalization.Standardize
        ? 0
        : System.Numerics.Tensors.TensorPrimitives.Sum<float>(window.Slice(row * _frames, _frames)) / _frames;

    /// <summary>Moves the mel bands up (above 0) or down, the edge band filling what comes free.</summary>
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
            window[(-bins * _frames)..(_bins * _frames)].CopyTo(window);
            for (var mel = _bins + bins; mel < _bins; mel++)
            {
                window.Slice((_bins + bins - 1) * _frames, _frames).CopyTo(window.Slice(mel * _frames, _frames));
            }
        }
    }
}
