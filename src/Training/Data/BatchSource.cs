using StreamGenre.Stages.Contract;

namespace StreamGenre.Training.Data;

/// <summary>
/// Training batches by number: labels drawn evenly whatever their number of clips, a random clip of the label, a random window of the clip,
/// varied, then mixed in pairs. A batch depends on the seed and its number alone, so a run can be taken up at any step. Immutable.
/// </summary>
internal sealed class BatchSource
{
    private readonly MelClip[][] _clips;
    private readonly WindowAugmentation _augmentation;
    private readonly AugmentationOptions _options;
    private readonly int _seed;
    private readonly int _frames;
    private readonly int _cells;
    private readonly int _labels;
    private readonly double _smoothing;

    /// <summary>Batches of a set.</summary>
    /// <param name="set">Where the clips come from; those shorter than a window are left out.</param>
    /// <param name="contract">The front end and size of the windows.</param>
    /// <param name="options">The variation.</param>
    /// <param name="labelSmoothing">Share of every target that is spread evenly over the labels, 0..1 (Szegedy et al. 2016).</param>
    /// <param name="seed">Draws everything.</param>
    /// <param name="hopFrames">Frames between windows where clips are cut on a grid; null where windows begin anywhere.</param>
    /// <exception cref="TrainingException">A label has no clip of at least a window's length.</exception>
    public BatchSource(MelSet set, ModelContract contract, AugmentationOptions options, double labelSmoothing, int seed, int? hopFrames = null)
    {
        _augmentation = new WindowAugmentation(options, contract, hopFrames);
        _options = options;
        _seed = seed;
        _frames = contract.PatchFrames;
        _cells = contract.Mel.Rows * _frames;
        _labels = set.Labels.Count;
        _smoothing = labelSmoothing;
        _clips = Enumerable.Range(0, _labels)
            .Select(label => set.Clips.Where(clip => clip.Label == label && clip.Frames >= _frames).ToArray())
            .ToArray();
        for (var label = 0; label < _labels; label++)
        {
            if (_clips[label].Length == 0)
            {
                throw new TrainingException(
                    $"no training clip of '{set.Labels[label]}' is as long as a window ({_frames} frames); add some or hold back fewer");
            }
        }
    }

    /// <summary>Fills one batch.</summary>
    /// <param name="step">The batch's number, 0 and up.</param>
    /// <param name="x">[batch, mels, frames], normalised.</param>
    /// <param name="targets">[batch, labels], each row a distribution.</param>
    public void Fill(int step, Span<float> x, Span<float> targets)
    {
        var batch = x.Length / _cells;
        targets.Fill((float)(_smoothing / _labels));
        for (var i = 0; i < batch; i++)
        {
            var random = new Random(Seeds.Mix(_seed, step, i));
            var clip = DrawClip(random);
            _augmentation.Draw(clip, DrawClip, random, x.Slice(i * _cells, _cells));
            targets[(i * _labels) + clip.Label] += (float)(1 - _smoothing);
        }

        if (_options.MixupAlpha > 0)
        {
            Mix(x, targets, batch, new Random(Seeds.Mix(_seed, step, batch)));
        }
    }

    private MelClip DrawClip(Random random)
    {
        var clips = _clips[random.Next(_labels)];
        return clips[random.Next(clips.Length)];
    }

    private void Mix(Span<float> x, Span<float> targets, int batch, Random random)
    {
        var (windows, labels) = (x.ToArray(), targets.ToArray());
        var partners = Enumerable.Range(0, batch).ToArray();
        random.Shuffle(partners);
        for (var i = 0; i < batch; i++)
        {
            var share = (float)random.SymmetricBeta(_options.MixupAlpha);
            Blend(x.Slice(i * _cells, _cells), windows.AsSpan(partners[i] * _cells, _cells), share);
            Blend(targets.Slice(i * _labels, _labels), labels.AsSpan(partners[i] * _labels, _labels), share);
        }
    }

    private static void Blend(Span<float> own, ReadOnlySpan<float> other, float share)
    {
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = (share * own[i]) + ((1 - share) * other[i]);
        }
    }
}
